"""Scores of articles that were not trained on to one threshold a label."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_CANDIDATES = np.round(np.arange(0.05, 0.96, 0.01), 2)
# A label's own best threshold counts as much as the common one when it rests on this many positives.
_HALF_TRUST = 10


def fit_thresholds(
    scores: NDArray[np.float32], targets: NDArray[np.float32], counted: NDArray[np.float32], *,
    label_ids: Sequence[str],
) -> dict[str, float]:  # fmt: skip
    """The threshold of each label with the best F1, drawn towards the common best one where positives are few.

    All arrays (n_articles, n_labels).  Returns values in [0.05, 0.95].
    """
    common = _best_threshold(scores[counted > 0], targets[counted > 0])
    fitted = {}
    for column, label in enumerate(label_ids):
        keep = counted[:, column] > 0
        n_true = float(targets[keep, column].sum())
        own = _best_threshold(scores[keep, column], targets[keep, column]) if n_true else common
        trust = n_true / (n_true + _HALF_TRUST)
        fitted[label] = round(float(trust * own + (1 - trust) * common), 3)
    return fitted


def _best_threshold(scores: NDArray[np.float32], targets: NDArray[np.float32]) -> float:
    """The middle of the range of thresholds whose F1 is within a hundredth of the best: the flat top, not its edge."""
    f1 = np.array([_f1(scores >= threshold, targets > 0) for threshold in _CANDIDATES])
    top = _CANDIDATES[f1 >= f1.max() - 0.01]
    return float(np.median(top))


def _f1(given: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    both = given.sum() + truth.sum()
    return float(2 * (given & truth).sum() / both) if both else 0.0
