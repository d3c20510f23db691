"""A release and annotated articles to figures: `chaoxun evaluate`."""

from collections.abc import Sequence
from dataclasses import dataclass

from chaoxun.errors import AnnotationError
from chaoxun.language import say
from chaoxun.learning.annotations import Annotation, known_labels
from chaoxun.learning.dataset import label_matrix
from chaoxun.learning.metrics import Figures, measure
from chaoxun.records import Scores
from chaoxun.tagging.tagger import Tagger

_ARTICLES_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a release scored on annotated articles."""

    figures: Figures
    predictions: tuple[dict[str, object], ...]
    """A row an article, in order: `id`, `scores` by label, `labels` at or above their thresholds."""
    left_out: tuple[str, ...]
    """Label ids that only one side, the release or the annotations, knows."""


def evaluate(tagger: Tagger, annotations: Sequence[Annotation], *, also_known: Sequence[str] = ()) -> Evaluation:
    """The figures of `tagger` over the labels that it and the annotations know.

    An annotation file knows a label that stands in any list of any row, or in `also_known`.
    Raises AnnotationError when there is nothing to measure: no annotations, or no label that both sides know.
    """
    theirs = known_labels(annotations) | set(also_known)
    ours = set(tagger.backend.label_ids)
    shared = [label for label in tagger.backend.label_ids if label in theirs]
    if not annotations or not shared:
        raise AnnotationError(
            what=say(en="nothing to measure: no label that both the release and the annotations know",
                     zh="无可评估：模型版本与标注没有共同的标签"),
            advice=say(en="give annotations of its labels", zh="请提供含有该模型标签的标注"),
        )  # fmt: skip
    scores = _score(tagger, annotations)
    columns = [scores.label_ids.index(label) for label in shared]
    values = scores.values[:, columns]
    targets, counted = label_matrix(annotations, shared)
    predictions: tuple[dict[str, object], ...] = tuple(
        {
            "id": row.id,
            "scores": {label: float(value) for label, value in zip(shared, line, strict=True)},
            "labels": [label for label, value in zip(shared, line, strict=True) if value >= tagger.thresholds[label]],
        }
        for row, line in zip(annotations, values, strict=True)
    )
    return Evaluation(
        figures=measure(values, targets, counted, label_ids=shared, thresholds=tagger.thresholds),
        predictions=predictions, left_out=tuple(sorted(theirs ^ ours)),
    )  # fmt: skip


def _score(tagger: Tagger, annotations: Sequence[Annotation]) -> Scores:
    import numpy as np

    parts = [
        tagger.score([row.article for row in annotations[i : i + _ARTICLES_AT_ONCE]])
        for i in range(0, len(annotations), _ARTICLES_AT_ONCE)
    ]
    return Scores(
        article_ids=tuple(article_id for part in parts for article_id in part.article_ids),
        label_ids=parts[0].label_ids,
        values=np.concatenate([part.values for part in parts]),
    )
