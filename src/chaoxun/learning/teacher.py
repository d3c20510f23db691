"""A TF-IDF classifier: the baseline every release is measured against, and the teacher of its first steps.

A small network learns words from few hundred labelled articles slowly, counting learns them at once.  So before the
real labels the network learns what the teacher thinks of thousands of unlabelled articles (distillation: Hinton et
al. 2015, arXiv:1503.02531).  The teacher is not part of a release; the network alone decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chaoxun.cleaning.characters import model_view
from chaoxun.learning.annotations import Annotation
from chaoxun.learning.corpus import CorpusArticle
from chaoxun.learning.dataset import label_matrix

# Measured before the project: character 1-4-grams with C = 30 and balanced classes was the best of its family.
_INVERSE_REGULARIZATION = 30
_FOLDS = 4


class TfidfTeacher:
    """Character 1-4-grams and one logistic regression a label."""

    def __init__(self, rows: Sequence[Annotation], label_ids: Sequence[str]) -> None:
        """Fits on the counted decisions of `rows`."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.label_ids = tuple(label_ids)
        self._vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=3)
        self._x = self._vectorizer.fit_transform(_view(row.title, row.text) for row in rows)
        self._targets, self._counted = label_matrix(rows, label_ids)
        self._models: list[Any] = []
        for column in range(len(label_ids)):
            keep = np.flatnonzero(self._counted[:, column])
            self._models.append(_classifier().fit(self._x[keep], self._targets[keep, column]))

    def scores(self, texts: Iterable[tuple[str, str]]) -> NDArray[np.float32]:
        """(n, n_labels) probabilities of (title, text) pairs."""
        x = self._vectorizer.transform(_view(title, text) for title, text in texts)
        return np.stack([model.predict_proba(x)[:, 1] for model in self._models], axis=1).astype(np.float32)

    def out_of_fold(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """(scores, targets, counted) of the training rows, each scored by a model that did not see it."""
        from sklearn.model_selection import cross_val_predict

        scores = np.zeros_like(self._targets)
        for column in range(len(self.label_ids)):
            keep = np.flatnonzero(self._counted[:, column])
            found = cross_val_predict(
                _classifier(), self._x[keep], self._targets[keep, column], cv=_FOLDS, method="predict_proba"
            )
            scores[keep, column] = found[:, 1]
        return scores, self._targets, self._counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Unlabelled articles with what the teacher thinks of them."""

    rows: tuple[Annotation, ...]
    """Without labels."""
    targets: NDArray[np.float32]
    """(n_rows, n_labels) in [0, 1]."""


def prepare_lesson(teacher: TfidfTeacher, unlabelled: Sequence[CorpusArticle], *, n_articles: int, seed: int) -> Lesson:
    """`n_articles` of `unlabelled`: half those in which the teacher sees some label most, evenly over labels, half random.

    Left to chance nine articles in ten would have nothing to teach but no.
    """
    scores = teacher.scores((article.title, article.text) for article in unlabelled)
    per_label = n_articles // 2 // len(teacher.label_ids)
    chosen = {int(index) for column in scores.T for index in np.argsort(-column)[:per_label]}
    others = [index for index in np.random.default_rng(seed).permutation(len(unlabelled)) if index not in chosen]
    indices = sorted([*chosen, *others[: max(0, n_articles - len(chosen))]])
    rows = tuple(
        Annotation(id=unlabelled[i].id, title=unlabelled[i].title, text=unlabelled[i].text, labels=()) for i in indices
    )
    return Lesson(rows=rows, targets=scores[indices])


def _view(title: str, text: str) -> str:
    return model_view(f"{title}\n{text}")


def _classifier() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_INVERSE_REGULARIZATION, class_weight="balanced", max_iter=200, solver="liblinear")
