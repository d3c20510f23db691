import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chaoxun.reading.naming import name_issue, read_path

HEAD_3, HEAD_4, HEAD_5, HEAD_7 = (f"澄川工人报 第{n}版 副刊\n\n正文正文。" for n in (3, 4, 5, 7))
BARE = "正文正文。"
NOTHING = ("", "", None)


def named(path: str, *, relative: str | None = None, pages: tuple[str, ...] = (BARE,)) -> tuple[str, str, str]:
    naming = name_issue(display=path, relative=path if relative is None else relative, pages=pages)
    return naming.issue_id, naming.newspaper, naming.date


def numbers_of(path: str, *pages: str) -> tuple[int | None, ...]:
    return name_issue(display=path, relative=path, pages=pages).page_numbers


@pytest.mark.parametrize(
    "path, newspaper, date, page",
    [
        ("安徽工人报_20210122_03版.txt", "安徽工人报", "2021-01-22", 3),
        ("安徽工人报/2021/01/22/03.txt", "安徽工人报", "2021-01-22", 3),
        ("安徽工人报/2021-01-22/03.txt", "安徽工人报", "2021-01-22", 3),
        ("安徽工人报/2021/0122/A03版.txt", "安徽工人报", "2021-01-22", 3),
        ("安徽工人报/20210122/第3版.txt", "安徽工人报", "2021-01-22", 3),
        ("安徽工人报2021年1月22日第三版.txt", "安徽工人报", "2021-01-22", 3),
        ("2021-01-22 安徽工人报 A03 要闻.txt", "安徽工人报", "2021-01-22", 3),
        ("安徽工人报２０２１年１月２２日.txt", "安徽工人报", "2021-01-22", None),
        ("海埠工聲報/2021-01-22/03.txt", "海埠工聲報", "2021-01-22", 3),
        ("AHGRB20210122A03.txt", "", "2021-01-22", 3),
        ("AHGRB_20210122_03.txt", "", "2021-01-22", 3),
        ("2021-01-22/03.txt", "", "2021-01-22", 3),
        ("20210122-03.txt", "", "2021-01-22", 3),
        ("20210122/第3版/01.txt", "", "2021-01-22", 1),
        ("2021年1月22日.txt", "", "2021-01-22", None),
        ("第3版.txt", "", "", 3),
        ("A03版.txt", "", "", 3),
    ],
)
def test_the_usual_names_of_files_say_newspaper_date_and_page(
    path: str, newspaper: str, date: str, page: int | None
) -> None:
    found = read_path(path, relative=path)
    assert (found.newspaper, found.date, found.page) == (newspaper, date, page)


@pytest.mark.parametrize(
    "path, why",
    [
        ("2021/3.txt", "a folder of a year is no date, and a bare number no page without one"),
        ("20210230.txt", "the day does not exist"),
        ("2021-13-01.txt", "the month does not exist"),
        ("20210122202101220000.txt", "twenty digits in a row are a number of something"),
        ("13920210122.txt", "a telephone number"),
        ("138-2021-0122.txt", "a telephone number with dashes"),
        ("联系电话0551-20210122.txt", "a telephone number that is called one"),
        ("职工版.txt", "the edition for workers"),
        ("学习第三版教材.txt", "the third edition of a book"),
        ("今日四版.txt", "how many pages there are"),
        ("下转第三版.txt", "where an article goes on"),
        ("软件3版本.txt", "a version"),
        ("photo_20210122_153000.txt", "when a picture was taken"),
        ("扫描20210122.txt", "when a page was scanned"),
        ("2021-01-22_2021-01-29.txt", "two dates"),
        ("关于举办会议的通知2021-01-22/03.txt", "the date of something else than a newspaper"),
        ("工作汇报.txt", "报 that ends no newspaper's name"),
        ("", "no path at all"),
    ],
)
def test_what_a_path_does_not_say_stays_empty(path: str, why: str) -> None:
    found = read_path(path, relative=path)
    assert (found.newspaper, found.date, found.page) == NOTHING, why


@pytest.mark.parametrize(
    "path, issue_id",
    [
        ("安徽工人报_20210122_03版.txt", "ahgrb-2021-01-22"),
        ("安徽工人报/2021/01/22/03.txt", "ahgrb-2021-01-22"),
        ("AHGRB20210122A03.txt", "ahgrb-2021-01-22"),
        ("AHGRB20210122.txt", "ahgrb-2021-01-22"),
        ("AHGRB_20210122_03.txt", "ahgrb-2021-01-22"),
        ("20210122/AHGRB_03.txt", "ahgrb-2021-01-22"),
        ("ahgrb/AHGRB20210122A03.txt", "ahgrb-2021-01-22"),
        ("ahgrb/2021-01-22/03.txt", "ahgrb-2021-01-22"),
        ("NFRB20210122A03.txt", "nfrb-2021-01-22"),
        ("AHGRB20210122B03.txt", "ahgrb-2021-01-22-b"),
        ("PeoplesDaily20210122A03.txt", "peoplesdaily-2021-01-22"),
        ("2021-01-22/03.txt", "2021-01-22"),
        ("20210122-03.txt", "2021-01-22"),
        ("20210122_03_要闻.txt", "2021-01-22"),
        ("20210122A03(1).txt", "2021-01-22"),
        ("2021年1月22日.txt", "2021-01-22"),
        ("安徽工人报_20210122_特刊甲.txt", "ahgrb-2021-01-22-tekanjia"),
        ("2021/03.txt", "2021-03"),
        ("第3版.txt", "di3ban"),
    ],
)
def test_the_issue_id_is_newspaper_and_date_or_what_else_the_path_has(path: str, issue_id: str) -> None:
    assert named(path)[0] == issue_id


def test_a_newspaper_that_only_the_masthead_names_takes_the_place_of_the_rest_of_the_name() -> None:
    assert named("CCGRB20210122A03.txt", pages=(HEAD_3,)) == ("ccgrb-2021-01-22", "澄川工人报", "2021-01-22")
    assert named("x20210122A03.txt", pages=(HEAD_3,))[0] == "ccgrb-2021-01-22"


def test_ids_do_not_depend_on_folders_outside_what_was_given_that_say_nothing_of_the_issue() -> None:
    ids = {named(f"{given}AHGRB20210122A03.txt", relative="AHGRB20210122A03.txt")[0] for given in ("", "./", "/a/b/")}
    assert ids == {"ahgrb-2021-01-22"}


@pytest.mark.parametrize(
    "path, pages, expected",
    [
        ("a.txt", (HEAD_5, BARE, HEAD_7), (5, None, 7)),
        ("a.txt", (BARE, BARE), (None, None)),
        ("a.txt", (HEAD_3, HEAD_3), (3, 3)),
        ("a.txt", (BARE,), (None,)),
        ("安徽工人报_20210122_03版.txt", (HEAD_3, HEAD_4), (3, 4)),
        ("安徽工人报_20210122_03版.txt", (BARE,), (3,)),
        ("安徽工人报_20210122_03版.txt", (BARE, BARE), (3, None)),
        ("安徽工人报_20210122_03版.txt", (BARE, HEAD_3), (None, 3)),
        ("安徽工人报_20210122_03版.txt", (BARE, HEAD_4), (None, 4)),
        ("安徽工人报_20210122_03版.txt", (HEAD_4,), (4,)),
        ("20210122/第3版/正文.txt", (BARE,), (3,)),
        ("安徽工人报_20210122_03版.txt", (), ()),
    ],
)
def test_a_page_has_the_number_that_it_prints_and_none_is_guessed_from_its_place(
    path: str, pages: tuple[str, ...], expected: tuple[int | None, ...]
) -> None:
    assert numbers_of(path, *pages) == expected


def test_a_page_without_number_does_not_change_the_id_of_the_issue() -> None:
    assert named("澄川工人报_20210122_全.txt", pages=(BARE, HEAD_4))[0] == "ccgrb-2021-01-22"


def test_mastheads_that_contradict_each_other_name_no_newspaper() -> None:
    assert named("a.txt", pages=(HEAD_3, HEAD_3.replace("澄川工人报", "海埠工人报")))[1] == ""


PIECES = st.sampled_from(
    ["安徽工人报", "AHGRB", "20210122", "2021-01-22", "2021年1月22日", "03", "A03", "第3版", "/", "_", "-", " ", ".", "..", ".txt",
     "副刊", "\udce4", "\ud800", "🎉", "\0", "工" * 90, "Газета"]
)  # fmt: skip
ANY_NAME = st.one_of(
    st.lists(PIECES, max_size=8).map("".join),
    st.text(max_size=40),
    st.binary(max_size=40).map(os.fsdecode),
)


@given(ANY_NAME, st.sampled_from([(BARE,), (HEAD_3,), (BARE, HEAD_4)]))
@example("", (BARE,))
@example("\ud800", (BARE,))
@settings(max_examples=300, deadline=None)
def test_whatever_the_path_the_issue_id_is_short_ascii_and_the_same_on_every_call(
    path: str, pages: tuple[str, ...]
) -> None:
    first, second = (name_issue(display=f"/given/{path}", relative=path, pages=pages) for _ in range(2))
    assert first == second and len(first.page_numbers) == len(pages)
    assert first.issue_id.isascii() and first.issue_id.isprintable()
    assert 0 < len(first.issue_id) <= 80 and not set(first.issue_id) & set(" /\\.")
