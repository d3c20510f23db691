import json

import numpy as np
import pytest

from chaoxun.errors import AnnotationError, OutputError, ReleaseNotFound
from chaoxun.learning.annotations import Annotation, read_annotations
from chaoxun.learning.dataset import group_events, label_matrix, split_folds
from chaoxun.learning.evaluate import evaluate
from chaoxun.learning.finetune import TrainPlan, train
from chaoxun.learning.recipes import TrainRecipe
from chaoxun.registry import open_tagger


def test_a_release_learns_what_its_annotations_say(tiny_release, tiny_corpus):
    unseen = read_annotations([tiny_corpus])[1000:1100]
    figures = evaluate(open_tagger(str(tiny_release)), unseen).figures
    assert figures.macro_f1 > 0.9


def test_a_lesson_from_unlabelled_articles_goes_before_the_real_labels(
    tmp_path, tiny_encoder, tiny_annotations, tiny_labels, tiny_corpus, capsys
):
    plan = TrainPlan(
        annotations=(tiny_annotations,), labels=tiny_labels, base=tiny_encoder, to=tmp_path / "taught",
        unlabelled=(tiny_corpus,), exclude=(),
    )  # fmt: skip
    recipe = TrainRecipe(
        epochs=1, learning_rate=1e-5, max_tokens=64, lesson_articles=500, lesson_candidates=800,
        lesson_learning_rate=3e-3, articles_per_step=8,
    )  # fmt: skip
    report = train(plan, recipe=recipe)
    assert "lesson" in capsys.readouterr().err
    # The real labels could teach nothing at a rate of 1e-5: what it knows it has from the teacher.
    assert report.figures.macro_f1 > 0.7


def test_a_release_is_never_written_over_another(tiny_release, tiny_encoder, tiny_annotations, tiny_labels):
    plan = TrainPlan(annotations=(tiny_annotations,), labels=tiny_labels, base=tiny_encoder, to=tiny_release)
    with pytest.raises(OutputError):
        train(plan, recipe=TrainRecipe(epochs=1))


def test_a_place_where_no_release_can_be_written_is_refused_before_training(tmp_path, tiny_labels, tiny_annotations):
    (tmp_path / "file").write_text("", encoding="utf-8")
    plan = TrainPlan(
        annotations=(tiny_annotations,), labels=tiny_labels, base=tmp_path, to=tmp_path / "file" / "in" / "it"
    )
    with pytest.raises(OutputError, match="cannot be made"):
        train(plan, recipe=TrainRecipe(epochs=1))


def test_a_folder_without_an_encoder_is_refused(tmp_path, tiny_annotations, tiny_labels):
    plan = TrainPlan(annotations=(tiny_annotations,), labels=tiny_labels, base=tmp_path, to=tmp_path / "to")
    with pytest.raises(ReleaseNotFound):
        train(plan, recipe=TrainRecipe(epochs=1))


def test_a_handful_of_annotations_is_refused(tmp_path, tiny_encoder, tiny_annotations, tiny_labels):
    few = tmp_path / "few.jsonl"
    few.write_text(
        "".join(tiny_annotations.read_text(encoding="utf-8").splitlines(keepends=True)[:5]), encoding="utf-8"
    )
    with pytest.raises(AnnotationError, match="too few"):
        train(
            TrainPlan(annotations=(few,), labels=tiny_labels, base=tiny_encoder, to=tmp_path / "to"),
            recipe=TrainRecipe(epochs=1),
        )


def test_excluded_articles_are_kept_out_of_fine_tuning_whatever_their_id(
    tmp_path, tiny_encoder, tiny_annotations, tiny_labels
):
    rows = [json.loads(line) for line in tiny_annotations.read_text(encoding="utf-8").splitlines()]
    held_out = tmp_path / "held-out.jsonl"
    lines = (json.dumps(row | {"id": f"test-{n}"}, ensure_ascii=False) + "\n" for n, row in enumerate(rows[:150]))
    held_out.write_text("".join(lines), encoding="utf-8")
    plan = TrainPlan(
        annotations=(tiny_annotations,), labels=tiny_labels, base=tiny_encoder, to=tmp_path / "to", exclude=(held_out,)
    )
    report = train(plan, recipe=TrainRecipe(epochs=1, max_tokens=64))
    assert report.n_trained + report.n_development == len(rows) - 150


def make(text, *labels, **more):
    return Annotation(id=text[:40], title="", text=text, labels=labels, **more)


def test_unsure_and_unknown_labels_are_not_counted():
    row = make("x", "a", unsure=("b",), unknown=("c",))
    targets, counted = label_matrix([row], ["a", "b", "c", "d"])
    assert targets.tolist() == [[1, 0, 0, 0]]
    assert counted.tolist() == [[1, 0, 0, 1]]


def test_reports_of_one_event_never_stand_in_two_folds():
    rng = np.random.default_rng(0)
    texts = ["".join(map(chr, rng.integers(0x4E00, 0x5E00, 200))) for _ in range(40)]
    rows = [make(f"{version}{text}{version}") for text in texts for version in ("早", "晚")]
    folds = split_folds(rows, n_folds=5, seed=1)
    assert (folds[::2] == folds[1::2]).all()
    assert len(set(group_events(rows))) == 40


def test_rare_labels_are_spread_over_the_folds():
    rng = np.random.default_rng(0)
    texts = ["".join(map(chr, rng.integers(0x4E00, 0x5E00, 100))) for _ in range(100)]
    rows = [make(text, *(["rare"] if n < 10 else []), *(["common"] if n % 2 else [])) for n, text in enumerate(texts)]
    folds = split_folds(rows, n_folds=5, seed=1)
    assert [sum(1 for r, f in zip(rows, folds, strict=True) if f == k and "rare" in r.labels) for k in range(5)] == [
        2
    ] * 5
    assert np.bincount(folds).tolist() == [20] * 5


def test_the_release_says_what_it_was_made_from(tiny_release):
    record = json.loads((tiny_release / "release.json").read_text(encoding="utf-8"))
    assert record["training"]["annotations"][0]["file"] == "annotations.jsonl"
    assert len(record["training"]["annotations"][0]["sha256"]) == 64
    assert record["training"]["recipe"]["epochs"] == 5
