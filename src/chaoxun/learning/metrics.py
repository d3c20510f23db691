"""Scores and true labels to figures: precision, recall, F1, average precision, calibration error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFigures:
    """How well one label is given; all but `support` in [0, 1]."""

    precision: float
    recall: float
    f1: float
    support: int
    """Articles that truly have the label."""
    average_precision: float
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How well a release tags a set of annotated articles."""

    n: int
    micro: dict[str, float]
    macro_f1: float
    labels: dict[str, LabelFigures]
    calibration_error: float
    """Expected calibration error over all counted decisions, ten equal-width bins (Guo et al. 2017)."""


def measure(
    scores: NDArray[np.float32], targets: NDArray[np.float32], counted: NDArray[np.float32], *,
    label_ids: Sequence[str], thresholds: Mapping[str, float],
) -> Figures:  # fmt: skip
    """The figures over decisions with `counted` 1.  All arrays (n_articles, n_labels).

    A label that no counted article has is left out of the macro average.
    """
    labels, totals = {}, np.zeros(3)
    for column, label in enumerate(label_ids):
        keep = counted[:, column] > 0
        truth, score = targets[keep, column] > 0, scores[keep, column]
        given = score >= thresholds[label]
        hits = np.array([(given & truth).sum(), given.sum(), truth.sum()], dtype=float)
        totals += hits
        precision, recall, f1 = _precision_recall_f1(*hits)
        labels[label] = LabelFigures(
            precision=precision, recall=recall, f1=f1, support=int(hits[2]),
            average_precision=average_precision(truth, score), threshold=float(thresholds[label]),
        )  # fmt: skip
    precision, recall, f1 = _precision_recall_f1(*totals)
    met = [figures.f1 for figures in labels.values() if figures.support]
    return Figures(
        n=len(scores), micro={"precision": precision, "recall": recall, "f1": f1},
        macro_f1=float(np.mean(met)) if met else 0.0, labels=labels,
        calibration_error=calibration_error(scores[counted > 0], targets[counted > 0]),
    )  # fmt: skip


def average_precision(truth: NDArray[np.bool_], score: NDArray[np.float32]) -> float:
    """The area under the precision-recall curve as a mean over the true articles; 0 without any."""
    order = np.argsort(-score, kind="stable")
    hits = truth[order]
    if not hits.any():
        return 0.0
    precision_at = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision_at[hits].mean())


def calibration_error(scores: NDArray[np.float32], targets: NDArray[np.float32]) -> float:
    """The mean gap between probability and share of true, weighted by how many decisions fall into each of ten bins."""
    if not len(scores):
        return 0.0
    bins = np.minimum((scores * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
    gaps = [
        abs(float(scores[bins == b].mean()) - float(targets[bins == b].mean())) * float((bins == b).mean())
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def _precision_recall_f1(right: float, given: float, true: float) -> tuple[float, float, float]:
    precision = right / given if given else 0.0
    recall = right / true if true else 0.0
    f1 = 2 * right / (given + true) if given + true else 0.0
    return float(precision), float(recall), float(f1)
