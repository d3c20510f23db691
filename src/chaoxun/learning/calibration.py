"""Logits of articles that were not trained on to probabilities that mean what they say, and to bands for a reader.

Calibration is one scale and one shift a label (Platt 1999, "Probabilistic outputs for support vector machines"), put
into the last layer of the network itself: a release gives calibrated probabilities in plain transformers too, and the
highest window of an article stays the highest.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

# A label's own scale and shift count as much as the common ones when they rest on this many positives.
_HALF_TRUST = 20
# Weak regularization: two numbers from some hundred articles need little, but none at all would let a label that is
# told apart perfectly run off to infinity.
_INVERSE_REGULARIZATION = 10.0
_ACCEPT_PRECISION = 0.95
_REVIEW_RECALL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """logit -> scale * logit + shift, by label."""

    scale: NDArray[np.float32]
    """(n_labels,) positive."""
    shift: NDArray[np.float32]
    """(n_labels,)"""

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, n_labels) calibrated probabilities of (n, n_labels) logits."""
        values: NDArray[np.float32] = (1 / (1 + np.exp(-(logits * self.scale + self.shift)))).astype(np.float32)
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Calibrated probabilities that part what needs no reader from what does, the same for all labels."""

    accept: float
    """At or above it at least 95 of 100 tags were right: they need no reader."""
    reject: float
    """Below it lay at most 5 of 100 true tags: nobody needs to look there."""


def fit_calibration(
    logits: NDArray[np.float32], targets: NDArray[np.float32], counted: NDArray[np.float32]
) -> Calibration:
    """Scale and shift of each label, drawn towards the common ones where positives are few.  All arrays (n, n_labels)."""
    common = _platt(logits[counted > 0], targets[counted > 0])
    found = []
    for column in range(logits.shape[1]):
        keep = counted[:, column] > 0
        n_true = float(targets[keep, column].sum())
        own = _platt(logits[keep, column], targets[keep, column])
        trust = n_true / (n_true + _HALF_TRUST)
        found.append(trust * own + (1 - trust) * common)
    scale, shift = np.array(found, dtype=np.float32).T
    return Calibration(scale=scale, shift=shift)


def _platt(logits: NDArray[np.float32], targets: NDArray[np.float32]) -> NDArray[np.float64]:
    """[scale, shift]; [1, 0] where there is nothing to learn from or the logits point the wrong way."""
    from sklearn.linear_model import LogisticRegression

    if not 0 < targets.sum() < len(targets):
        return np.array([1.0, 0.0])
    fitted = LogisticRegression(C=_INVERSE_REGULARIZATION).fit(logits[:, None], targets > 0)
    scale, shift = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return np.array([scale, shift]) if scale > 0 else np.array([1.0, 0.0])


def put_into(model: Any, calibration: Calibration) -> None:
    """Changes the last layer of `model`, a classifier of transformers, so that its logits are the calibrated ones."""
    import torch

    layer = _last_linear(model)
    scale, shift = (torch.from_numpy(part).to(layer.weight.device) for part in (calibration.scale, calibration.shift))
    with torch.no_grad():
        layer.weight.mul_(scale[:, None])
        layer.bias.mul_(scale).add_(shift)


def _last_linear(model: Any) -> "torch.nn.Linear":
    """The layer that gives the logits: `classifier` of BERT, `classifier.out_proj` of RoBERTa."""
    import torch

    n_labels = model.config.num_labels
    layers = [m for m in model.modules() if isinstance(m, torch.nn.Linear) and m.out_features == n_labels]
    return layers[-1]


def fit_bands(scores: NDArray[np.float32], targets: NDArray[np.float32], counted: NDArray[np.float32]) -> Bands:
    """The widest accept and reject bands that keep their promises on these articles.  All arrays (n, n_labels)."""
    order = np.argsort(-scores[counted > 0], kind="stable")
    score, truth = scores[counted > 0][order], targets[counted > 0][order] > 0
    if not truth.any():
        return Bands(accept=1.0, reject=0.0)
    found = np.cumsum(truth)
    precision, recall = found / np.arange(1, len(truth) + 1), found / found[-1]
    good = np.flatnonzero(precision >= _ACCEPT_PRECISION)
    accept = float(score[good[-1]]) if len(good) else 1.0
    reject = float(score[np.flatnonzero(recall >= _REVIEW_RECALL)[0]])
    # Rounded so that each band keeps its promise.
    return Bands(accept=math.ceil(accept * 1e4) / 1e4, reject=math.floor(min(accept, reject) * 1e4) / 1e4)
