"""Annotations and an encoder to a release: `chaoxun train`.

An article's score for a label is the highest over its windows, in training as in tagging (multiple-instance
learning: Dietterich et al. 1997), so nobody has to say which paragraph of a round-up carries which label.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from chaoxun.errors import AnnotationError
from chaoxun.labels import load_taxonomy
from chaoxun.language import say
from chaoxun.learning.annotations import Annotation, read_annotations
from chaoxun.learning.bases import find_base
from chaoxun.learning.calibration import fit_bands, fit_calibration, put_into
from chaoxun.learning.corpus import read_corpus, text_digest
from chaoxun.learning.dataset import encode_annotations, label_matrix, split_folds
from chaoxun.learning.devices import denormals_flushed
from chaoxun.learning.fitting import Fitter
from chaoxun.learning.metrics import Figures, measure
from chaoxun.learning.publish import Reached, check_free, publish_release
from chaoxun.learning.recipes import TrainRecipe
from chaoxun.learning.teacher import Lesson, TfidfTeacher, prepare_lesson
from chaoxun.learning.thresholds import fit_thresholds
from chaoxun.tagging.torch_backend import PieceEncoder

# With fewer the thresholds would be fitted to single articles.
_MIN_ANNOTATIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainReport:
    """What a training reached on its development articles."""

    folder: Path
    figures: Figures
    n_trained: int
    n_development: int
    epoch: int
    """The epoch that was kept, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainPlan:
    """Where a training takes its parts from, and where the release goes."""

    annotations: tuple[Path, ...]
    labels: Path
    base: Path
    """The folder, or the name on a hub, of an encoder: any BERT-like checkpoint."""
    to: Path
    """The folder of the release; must not exist."""
    unlabelled: tuple[Path, ...] = ()
    """Corpus files for the lesson before the real labels; none: no lesson."""
    exclude: tuple[Path, ...] = ()
    """Annotation files whose articles must stay unseen, in the lesson as in fine-tuning."""


def train(plan: TrainPlan, *, recipe: TrainRecipe) -> TrainReport:
    """Fine-tunes the encoder of `plan` and publishes the release; returns what it reached.

    Raises AnnotationError when there are too few annotations, ReleaseNotFound when `base` holds no encoder,
    ServiceUnavailable when it is a name that cannot be fetched.
    """
    check_free(plan.to)
    base = find_base(plan.base)
    label_ids = [label.id for label in load_taxonomy(plan.labels) if not label.is_retired]
    excluded = read_annotations(plan.exclude)
    training, development = _split(_unseen(read_annotations(plan.annotations), excluded), recipe=recipe)
    encoder = PieceEncoder(base, max_tokens=recipe.max_tokens)
    fitter = Fitter(base, label_ids=label_ids, encoder=encoder, recipe=recipe)
    with denormals_flushed():
        if plan.unlabelled and recipe.lesson_articles:
            unseen = [*development, *excluded]
            fitter.learn(_lesson(plan.unlabelled, training, unseen=unseen, teacher_labels=label_ids, recipe=recipe))
        fitter.fit(training, development)
        reached = _judge(fitter, development)
    record = {"base": plan.base.name, "recipe": recipe, "annotations": plan.annotations,
              "unlabelled": plan.unlabelled, "n_trained": len(training)}  # fmt: skip
    publish_release(
        fitter.model, encoder.tokenizer, to=plan.to, labels=plan.labels, reached=replace(reached, record=record)
    )
    return TrainReport(
        folder=plan.to, figures=reached.figures, n_trained=len(training), n_development=len(development),
        epoch=fitter.best_epoch,
    )  # fmt: skip


def _judge(fitter: Fitter, development: Sequence[Annotation]) -> Reached:
    """Calibrates the network on articles that it was not trained on, and fits thresholds and bands to them."""
    targets, counted = label_matrix(development, fitter.label_ids)
    logits = fitter.logits(encode_annotations(development, fitter.label_ids, fitter.encoder))
    calibration = fit_calibration(logits, targets, counted)
    put_into(fitter.model, calibration)
    scores = calibration.probabilities(logits)
    thresholds = fit_thresholds(scores, targets, counted, label_ids=fitter.label_ids)
    return Reached(
        thresholds=thresholds, bands=fit_bands(scores, targets, counted), curve=tuple(fitter.curve), record={},
        figures=measure(scores, targets, counted, label_ids=fitter.label_ids, thresholds=thresholds),
    )  # fmt: skip


def _unseen(rows: Sequence[Annotation], excluded: Sequence[Annotation]) -> list[Annotation]:
    """The annotations whose text does not stand in `excluded`, whatever ids the two files give it."""
    without = {text_digest(row.text) for row in excluded}
    return [row for row in rows if text_digest(row.text) not in without]


def _split(rows: Sequence[Annotation], *, recipe: TrainRecipe) -> tuple[list[Annotation], list[Annotation]]:
    """The annotations to train on and those to choose epoch and thresholds by."""
    if len(rows) < _MIN_ANNOTATIONS:
        raise AnnotationError(
            what=say(en=f"{len(rows)} annotations are too few to train on", zh=f"只有 {len(rows)} 条标注，无法训练"),
            advice=say(en=f"give at least {_MIN_ANNOTATIONS}", zh=f"请至少提供 {_MIN_ANNOTATIONS} 条"),
        )
    folds = split_folds(rows, n_folds=max(2, round(1 / recipe.development_share)), seed=recipe.seed)
    kept = [row for row, fold in zip(rows, folds, strict=True) if fold]
    return kept, [row for row, fold in zip(rows, folds, strict=True) if not fold]


def _lesson(
    unlabelled: Sequence[Path], training: Sequence[Annotation], *, unseen: Sequence[Annotation],
    teacher_labels: Sequence[str], recipe: TrainRecipe,
) -> Lesson:  # fmt: skip
    _say(say(en="the teacher reads unlabelled articles ...", zh="教师模型阅读未标注文章……"))
    without = frozenset(text_digest(row.text) for row in (*training, *unseen))
    articles = list(read_corpus(unlabelled, without=without))
    drawn = np.random.default_rng(recipe.seed).permutation(len(articles))[: recipe.lesson_candidates]
    return prepare_lesson(
        TfidfTeacher(training, teacher_labels), [articles[int(i)] for i in sorted(drawn)],
        n_articles=recipe.lesson_articles, seed=recipe.seed,
    )  # fmt: skip


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
