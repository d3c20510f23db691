"""What a pretraining run reads is always made from the corpus it was given."""

import dataclasses
import json

import pytest

from chaoxun.errors import BadAnnotation, InputError, OutputError
from chaoxun.learning.corpus import read_corpus
from chaoxun.learning.packing import pack_corpus
from chaoxun.learning.pretrain import pretrain


@pytest.fixture(scope="module")
def half_corpus(tmp_path_factory, tiny_corpus):
    """The second half of the tiny corpus, rewritten with characters that the first half has not."""
    path = tmp_path_factory.mktemp("half") / "half.jsonl"
    lines = tiny_corpus.read_text(encoding="utf-8").splitlines(keepends=True)[800:]
    path.write_text("".join(line.replace("号稿", "号龘稿") for line in lines), encoding="utf-8")
    return path


def pack(corpus, folder, recipe, **more):
    return pack_corpus([corpus], to=folder, recipe=recipe, **{"without": frozenset(), "resume": False} | more)


def test_the_same_corpus_is_packed_once(tmp_path, tiny_corpus, tiny_recipe, capsys):
    first = pack(tiny_corpus, tmp_path, tiny_recipe)
    capsys.readouterr()
    again = pack(tiny_corpus, tmp_path, dataclasses.replace(tiny_recipe, tokens=9, learning_rate=1.0), resume=True)
    assert capsys.readouterr().err == ""
    assert (first.train == again.train).all() and first.tokenizer.get_vocab() == again.tokenizer.get_vocab()


def test_another_corpus_gets_its_own_vocabulary_and_blocks(tmp_path, tiny_corpus, half_corpus, tiny_recipe):
    first = pack(tiny_corpus, tmp_path, tiny_recipe)
    second = pack(half_corpus, tmp_path, tiny_recipe)
    assert "龘" in second.tokenizer.get_vocab() and "龘" not in first.tokenizer.get_vocab()
    assert len(second.train) < len(first.train)


def test_newly_excluded_articles_leave_the_blocks(tmp_path, tiny_corpus, tiny_recipe):
    everything = pack(tiny_corpus, tmp_path, tiny_recipe)
    without = frozenset(article.id for article in list(read_corpus([tiny_corpus]))[:800])
    assert len(pack(tiny_corpus, tmp_path, tiny_recipe, without=without).train) < len(everything.train)


def test_a_recipe_that_holds_back_more_articles_counts(tmp_path, tiny_corpus, tiny_recipe):
    first = pack(tiny_corpus, tmp_path, tiny_recipe)
    second = pack(tiny_corpus, tmp_path, dataclasses.replace(tiny_recipe, hold_back_one_in=5))
    assert len(second.unseen) > len(first.unseen)


def test_a_run_is_never_resumed_on_another_corpus(tmp_path, tiny_corpus, half_corpus, tiny_recipe):
    pack(tiny_corpus, tmp_path, tiny_recipe)
    with pytest.raises(InputError, match="another corpus") as refused:
        pack(half_corpus, tmp_path, tiny_recipe, resume=True)
    assert "--to" in refused.value.advice


def test_a_new_corpus_takes_the_state_of_the_old_run_with_it(tmp_path, tiny_corpus, half_corpus, tiny_recipe):
    short = dataclasses.replace(tiny_recipe, tokens=4 * 510 * 2, start_from_company=False)
    pretrain([tiny_corpus], to=tmp_path, recipe=short)
    # As after a kill between packing and the first saved step.
    pack(half_corpus, tmp_path, short)
    assert pretrain([half_corpus], to=tmp_path, recipe=short, resume=True).step == 2
    assert json.loads((tmp_path / "pretraining.json").read_text(encoding="utf-8"))["log"][0]["step"] == 2
    assert len(json.loads((tmp_path / "pretraining.json").read_text(encoding="utf-8"))["log"]) == 1


def test_a_corpus_that_cannot_be_read_leaves_the_old_run_as_it_was(tmp_path, tiny_corpus, tiny_recipe):
    (tmp_path / "bad.jsonl").write_text("{\n", encoding="utf-8")
    to = tmp_path / "to"
    pretrain([tiny_corpus], to=to, recipe=dataclasses.replace(tiny_recipe, tokens=4 * 510))
    before = {path.name: path.read_bytes() for path in to.rglob("*") if path.is_file()}
    with pytest.raises(BadAnnotation, match="not a JSON object"):
        pack(tmp_path / "bad.jsonl", to, tiny_recipe)
    assert {path.name: path.read_bytes() for path in to.rglob("*") if path.is_file()} == before


def test_a_run_from_before_digests_were_kept_is_resumed(tmp_path, tiny_corpus, tiny_recipe):
    short = dataclasses.replace(tiny_recipe, tokens=4 * 510 * 2)
    pretrain([tiny_corpus], to=tmp_path, recipe=short)
    (tmp_path / "state" / "corpus.sha256").unlink()
    longer = dataclasses.replace(short, tokens=4 * 510 * 3)
    pretrain([tiny_corpus], to=tmp_path, recipe=longer, resume=True)
    log = json.loads((tmp_path / "pretraining.json").read_text(encoding="utf-8"))["log"]
    assert [row["step"] for row in log] == [2, 3]


def test_packed_blocks_that_were_deleted_are_made_again_and_the_run_goes_on(tmp_path, tiny_corpus, tiny_recipe):
    short = dataclasses.replace(tiny_recipe, tokens=4 * 510 * 2)
    pretrain([tiny_corpus], to=tmp_path, recipe=short)
    (tmp_path / "state" / "corpus.npz").unlink()
    longer = dataclasses.replace(short, tokens=4 * 510 * 3)
    pretrain([tiny_corpus], to=tmp_path, recipe=longer, resume=True)
    log = json.loads((tmp_path / "pretraining.json").read_text(encoding="utf-8"))["log"]
    assert [row["step"] for row in log] == [2, 3]


def test_a_folder_that_cannot_be_made_is_an_output_error(tmp_path, tiny_corpus, tiny_recipe):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be made") as refused:
        pack(tiny_corpus, tmp_path / "file" / "encoder", tiny_recipe)
    assert refused.value.exit_code == 73
