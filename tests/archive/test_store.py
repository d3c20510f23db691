import dataclasses
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaoxun.archive.outcomes import Outcome, PlacedRecord
from chaoxun.archive.rows import Making
from chaoxun.archive.status import check_equation, read_status
from chaoxun.archive.store import Store
from chaoxun.errors import OutputError, StoreBusy, StoreError, StoreInvalid, StoreTooNew
from chaoxun.records import Article, Failure, Issue, Page, Source, Tag, TaggedArticle

MAKING = Making(
    release="small@0123456789abcdef", pipeline=1, asked_encoding="", code_version="0.1.0",
    thresholds={"holiday_relief": 0.4, "skills_contest": 0.6},
)  # fmt: skip
TEXT = "两节送温暖\n本报讯 元旦前夕，区总工会走访困难职工。"


def outcome(name: str, *records: TaggedArticle, text: str = TEXT, number: int | None = 3) -> Outcome:
    issue = Issue(
        id="grb-2021-01-22", newspaper="工人报", date="2021-01-22", source=Source(path=name, sha256="a" * 64),
        pages=(Page(number=number, text=text, lines=()),), encoding="utf-8", is_damaged=False,
    )  # fmt: skip
    return Outcome(
        key=f"/archive/{name}", source=f"archive/{name}", relative=name, sha256="a" * 64, state="done", issue=issue,
        records=tuple(PlacedRecord(page_position=0, tagged=record) for record in records),
        n_articles=sum(record.article.kind in ("article", "photo") for record in records),
    )  # fmt: skip


def tagged(article_id: str = "grb-2021-01-22-p03-a01", **fields: object) -> TaggedArticle:
    article = Article(
        **{"id": article_id, "page_number": 3, "headline": "两节送温暖", "paragraphs": ("元旦前夕，区总工会走访困难职工。",),
           "spans": ((0, 5), (6, 27)), **fields}
    )  # fmt: skip
    tag = Tag(article_id=article_id, label_id="holiday_relief", score=0.75, evidence=((0, 16),), origin="model:small")
    return TaggedArticle(article=article, tags=(tag,), scores={"holiday_relief": 0.75, "skills_contest": 0.0})


def save(path: Path, *outcomes: Outcome) -> None:
    with Store(path, mode="write") as store:
        store.begin_run(MAKING.release, n_found=len(outcomes))
        store.register(outcomes)
        store.save_release(
            MAKING.release, name="small", labels={"holiday_relief": "节日送温暖"}, thresholds=MAKING.thresholds
        )
        for one in outcomes:
            store.save(one, MAKING)
        store.end_run(n_saved=len(outcomes), n_articles=1, is_stopped=False)


texts = st.text(max_size=30).map(lambda text: text.replace("\n", " "))
articles = st.builds(
    Article,
    id=st.just("grb-2021-01-22-p03-a01"), page_number=st.none() | st.integers(1, 99),
    kind=st.sampled_from(["article", "photo", "furniture", "unassigned"]), kicker=texts, headline=texts, subtitle=texts,
    byline=texts, paragraphs=st.lists(texts.filter(bool), max_size=3).map(tuple),
    captions=st.lists(texts, max_size=3).map(tuple),
    spans=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3).map(tuple),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(article=articles, score=st.floats(0, 1), page_text=st.text(max_size=50))
def test_what_is_saved_is_loaded_again(tmp_path_factory, article, score, page_text):
    path = tmp_path_factory.mktemp("store") / "s.db"
    given = TaggedArticle(
        article=article, scores={"a": score, "b": 0.5},
        tags=(Tag(article_id=article.id, label_id="a", score=score, evidence=((1, 2), (0, 1)), origin="model:x"),),
    )  # fmt: skip
    save(path, outcome("03.txt", given, text=page_text))
    with Store(path, mode="read") as store:
        (row,) = store.articles(kinds=[article.kind])
        assert row.tagged == given
        assert (row.source, row.date, row.release) == ("archive/03.txt", "2021-01-22", "small")
        assert store.page_texts("archive/03.txt") == [page_text]


def test_characters_that_sqlite_does_not_take_are_replaced_one_by_one(tmp_path):
    odd = tagged(headline="a\ud800b\x00c", captions=("\udfff",))
    save(tmp_path / "s.db", outcome("03.txt", odd, text="x\udc80y"))
    with Store(tmp_path / "s.db", mode="read") as store:
        (row,) = store.articles()
        assert (row.tagged.article.headline, row.tagged.article.captions) == ("a\ufffdb\x00c", ("\ufffd",))
        assert store.page_texts("archive/03.txt") == ["x\ufffdy"]


def test_a_tag_names_everything_that_made_it(tmp_path):
    save(tmp_path / "s.db", outcome("03.txt", tagged()))
    db = sqlite3.connect(tmp_path / "s.db")
    row = db.execute(
        "SELECT file, sha256, page_number, article_id, release, threshold, code_version, pipeline FROM provenance"
    ).fetchall()
    db.close()
    release = "small@0123456789abcdef"
    assert row == [("archive/03.txt", "a" * 64, 3, "grb-2021-01-22-p03-a01", release, 0.4, "0.1.0", 1)]


def test_saving_a_source_again_replaces_what_was_there(tmp_path):
    two = outcome("03.txt", tagged(), tagged("grb-2021-01-22-p03-a02"))
    save(tmp_path / "s.db", two)
    with Store(tmp_path / "s.db", mode="write") as store:
        store.save(outcome("03.txt", tagged()), MAKING)
        assert [row.tagged.article.id for row in store.articles()] == ["grb-2021-01-22-p03-a01"]
        assert store.counts("SELECT 'tags', count(*) FROM tags") == {"tags": 1}
        assert check_equation(store) == []


def test_the_same_text_twice_in_an_issue_is_linked_and_kept(tmp_path):
    text = ("元旦前夕，区总工会到困难职工家中走访慰问，送上慰问金和年货。",)
    first = tagged(paragraphs=text)
    again = tagged("grb-2021-01-22-p04-a01", page_number=4, paragraphs=(text[0][:10], text[0][10:]), headline="")
    other = tagged("grb-2021-01-22-p04-a02", page_number=4, paragraphs=("短讯。",))
    other_short = tagged("grb-2021-01-22-p04-a03", page_number=4, paragraphs=("短讯。",))
    save(tmp_path / "s.db", outcome("03.txt", first), outcome("04.txt", again, other, other_short))
    with Store(tmp_path / "s.db", mode="read") as store:
        links = {row.tagged.article.id[-7:]: row.duplicate_of for row in store.articles()}
    assert links == {"p03-a01": "", "p04-a01": first.article.id, "p04-a02": "", "p04-a03": ""}


def test_a_source_that_cannot_be_saved_whole_leaves_nothing(tmp_path):
    save(tmp_path / "s.db", outcome("03.txt", tagged()))
    clashing = outcome("04.txt", tagged("fresh"), tagged())
    with Store(tmp_path / "s.db", mode="write") as store:
        store.register([clashing])
        with pytest.raises(StoreError):
            store.save(clashing, MAKING)
        assert [row.tagged.article.id for row in store.articles()] == ["grb-2021-01-22-p03-a01"]
        assert read_status(store).states == {"done": 1, "pending": 1}
        assert check_equation(store) == []


def test_a_score_that_is_no_number_is_never_stored(tmp_path):
    nan = TaggedArticle(article=tagged().article, tags=(), scores={"a": float("nan")})
    with Store(tmp_path / "s.db", mode="write") as store:
        store.register([outcome("03.txt")])
        with pytest.raises(ValueError, match="not JSON compliant"):
            store.save(outcome("03.txt", nan), MAKING)
        assert list(store.articles()) == []


def test_opening_for_writing_and_changing_nothing_leaves_the_file_as_it_is(tmp_path):
    path = tmp_path / "s.db"
    save(path, outcome("03.txt", tagged()))
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    with Store(path, mode="write") as store:
        store.begin_run(MAKING.release, n_found=1)
        store.save_release(
            MAKING.release, name="small", labels={"holiday_relief": "节日送温暖"}, thresholds=MAKING.thresholds
        )
        store.end_run(n_saved=0, n_articles=0, is_stopped=False)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [file.name for file in tmp_path.iterdir()] == ["s.db"]


def test_an_empty_file_becomes_a_store(tmp_path):
    (tmp_path / "s.db").touch()
    save(tmp_path / "s.db", outcome("03.txt", tagged()))
    with Store(tmp_path / "s.db", mode="read") as store:
        assert len(list(store.articles())) == 1


def other_database(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE t (x)")
    db.close()


def newer_store(path: Path) -> None:
    save(path)
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()


@pytest.mark.parametrize("mode", ["read", "write"])
@pytest.mark.parametrize(
    ("make", "error", "code"),
    [
        (lambda path: path.write_text("本报讯 这不是结果库。" * 100), StoreInvalid, 74),
        (lambda path: path.write_text("x"), StoreInvalid, 74),
        (other_database, StoreInvalid, 74),
        (lambda path: path.mkdir(), StoreInvalid, 74),
        (newer_store, StoreTooNew, 74),
    ],
)
def test_what_is_no_store_is_refused_and_left_alone(tmp_path, make, error, code, mode):
    path = tmp_path / "s.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(error, match=r"s\.db") as caught, Store(path, mode=mode):
        pass
    assert caught.value.exit_code == code
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_reading_a_store_that_is_not_there_makes_none(tmp_path):
    with pytest.raises(StoreInvalid, match="chaoxun tag"), Store(tmp_path / "s.db", mode="read"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_store_in_a_folder_that_is_not_there_cannot_be_created(tmp_path):
    with pytest.raises(OutputError) as caught, Store(tmp_path / "no" / "s.db", mode="write"):
        pass
    assert caught.value.exit_code == 73


def test_a_damaged_store_is_named_and_not_read_as_if_it_were_whole(tmp_path):
    path = tmp_path / "s.db"
    many = [tagged(f"grb-2021-01-22-p03-a{n:03}", headline="长标题" * 100) for n in range(100)]
    save(path, outcome("03.txt", *many))
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreInvalid), Store(path, mode="read") as store:
        list(store.articles())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everything")
def test_a_store_that_cannot_be_written_says_so(tmp_path):
    path = tmp_path / "s.db"
    save(path, outcome("03.txt", tagged()))
    path.chmod(0o444)
    with pytest.raises(StoreError, match="permission"), Store(path, mode="write") as store:
        store.register([outcome("04.txt")])


def test_a_full_disk_marks_nothing_done_and_the_next_run_completes(tmp_path):
    path = tmp_path / "s.db"
    save(path, outcome("03.txt", tagged()))
    big = outcome("04.txt", tagged("big", paragraphs=("字" * 100_000,)))
    with Store(path, mode="write") as store:
        store.register([big])
        n_pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {n_pages + 3}")  # SQLite's own "disk full"
        with pytest.raises(StoreError, match="full") as caught:
            store.save(big, MAKING)
        assert caught.value.exit_code == 74
    with Store(path, mode="write") as store:
        assert read_status(store).states == {"done": 1, "pending": 1}
        assert check_equation(store) == []
        store.save(big, MAKING)
        assert read_status(store).states == {"done": 2}


def test_a_second_writer_is_told_who_holds_the_store(tmp_path):
    path = tmp_path / "s.db"
    with Store(path, mode="write"):
        with (
            pytest.raises(StoreBusy, match=rf"process {os.getpid()}, since 20\d\d-") as caught,
            Store(path, mode="write"),
        ):
            pass
        assert caught.value.exit_code == 75
        with Store(path, mode="read") as reader:
            assert list(reader.known()) == []
    assert [file.name for file in tmp_path.iterdir()] == ["s.db"]


def test_a_writer_that_was_killed_holds_nothing(tmp_path):
    path = tmp_path / "s.db"
    code = (
        "import os, pathlib, signal, sys; from chaoxun.archive.store import Store\n"
        "with Store(pathlib.Path(sys.argv[1]), mode='write'): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, path], env={**os.environ, "PYTHONPATH": "src"}, check=False)
    assert killed.returncode == -9
    assert (tmp_path / "s.db.lock").exists()
    with Store(path, mode="write") as store:
        assert list(store.known()) == []


def test_status_lists_failures_with_advice_and_the_states_add_up(tmp_path):
    failed = Outcome(
        key="/archive/05.txt", source="archive/05.txt", relative="05.txt", sha256="b" * 64, state="quarantined",
        failure=Failure(source="archive/05.txt", sha256="b" * 64, stage="decode", reason="EMPTY", message="no text"),
    )  # fmt: skip
    save(tmp_path / "s.db", outcome("03.txt", tagged()), failed)
    with Store(tmp_path / "s.db", mode="read") as store:
        status = read_status(store).to_json()
        assert check_equation(store) == []
    (failure,) = status.pop("failures")
    assert status == {"found": 2, "states": {"done": 1, "quarantined": 1}, "articles": 1, "release": "small"}
    assert failure.pop("advice")
    assert failure == {
        "source": "archive/05.txt", "sha256": "b" * 64, "stage": "decode", "reason": "EMPTY", "message": "no text",
    }  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE sources SET state = 'quarantined' WHERE id = 1",
        "UPDATE sources SET n_articles = 2 WHERE id = 1",
        "DELETE FROM articles",
        "UPDATE sources SET reason = 'EMPTY' WHERE id = 1",
        "DELETE FROM sources WHERE id = 1",
    ],
)
def test_the_equation_notices_what_does_not_add_up(tmp_path, damage):
    path = tmp_path / "s.db"
    save(path, outcome("03.txt", tagged()), outcome("04.txt", tagged("second")))
    db = sqlite3.connect(path)
    db.execute(damage)
    db.commit()
    db.close()
    with Store(path, mode="read") as store:
        assert check_equation(store) != []


@pytest.fixture
def store_of_version_1(tmp_path: Path) -> Path:
    """A store as the first chaoxun wrote it: without the band of a tag."""
    path = tmp_path / "old.db"
    save(path, outcome("03.txt", tagged()))
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP VIEW provenance")
        db.execute("ALTER TABLE tags DROP COLUMN band")
        db.execute("PRAGMA user_version = 1")
        db.commit()
    return path


def bands(path: Path) -> list[str]:
    with Store(path, mode="read") as store:
        return [tag.band for article in store.articles() for tag in article.tagged.tags]


def test_a_store_of_version_1_is_read_without_being_changed(store_of_version_1: Path) -> None:
    before = store_of_version_1.read_bytes()
    assert bands(store_of_version_1) == [""]
    assert store_of_version_1.read_bytes() == before


def test_a_store_of_version_1_is_brought_up_to_date_by_the_first_run_that_writes(store_of_version_1: Path) -> None:
    for name in ("04.txt", "05.txt"):
        record = tagged(f"grb-2021-01-22-{name[:2]}")
        tag = dataclasses.replace(record.tags[0], band="review")
        save(store_of_version_1, outcome(name, dataclasses.replace(record, tags=(tag,))))
    assert sorted(bands(store_of_version_1)) == ["", "review", "review"]
