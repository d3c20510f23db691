import pytest

from chaoxun.reading.slugs import join_slugs, newspaper_slug, slug


@pytest.mark.parametrize(
    "newspaper, expected",
    [
        ("安徽工人报", "ahgrb"),
        ("文汇报", "whb"),
        ("海埠工聲報", "hbgsb"),  # traditional characters are the same newspaper
        ("陕西工人报", "sngrb"),  # 山西 and 陕西 have the same initials
        ("山西工人报", "sxgrb"),
        ("河南工人日报", "hagrrb"),
        ("河北工人报", "hegrb"),
        ("湖北工人报", "hbgrb"),
        ("", ""),
    ],
)
def test_a_newspaper_is_shortened_to_its_initials_and_provinces_stay_apart(newspaper: str, expected: str) -> None:
    assert newspaper_slug(newspaper) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Seed page", "seed-page"),
        ("工运潮汛", "gongyunchaoxun"),
        ("Ａ０３", "a03"),
        ("é", "e"),
        ("Газета", ""),
        ("", ""),
    ],
)
def test_a_name_is_written_in_lower_case_ascii(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_an_id_is_never_empty_nor_long_and_differs_where_the_whole_differs() -> None:
    ids = [join_slugs([part], whole=whole) for part, whole in (("", "а"), ("", "б"), ("a" * 99, "а"), ("a" * 99, "б"))]
    assert len(set(ids)) == 4 and all(0 < len(each) <= 80 for each in ids)
