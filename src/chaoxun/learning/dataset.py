"""Annotations to what training and measuring need: targets with their masks, folds without leaks, token windows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chaoxun.learning.annotations import Annotation
from chaoxun.tagging.backends import Encoder
from chaoxun.tagging.windows import cut_windows

if TYPE_CHECKING:
    from datasets import Dataset

# Two texts that share this much (cosine of character 3-gram TF-IDF) tell of the same event: agency copy, a follow-up
# with the same background.  At 0.5 pairs read by hand were one event each; at 0.4 many only shared a genre.
_SAME_EVENT = 0.5


def label_matrix(
    annotations: Sequence[Annotation], label_ids: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(n, n_labels) 1 = yes, 0 = no, and (n, n_labels) 1 = to be counted, 0 = unsure or unknown."""
    targets = np.zeros((len(annotations), len(label_ids)), dtype=np.float32)
    counted = np.ones_like(targets)
    column = {label: n for n, label in enumerate(label_ids)}
    for row, annotation in enumerate(annotations):
        for label in annotation.labels:
            if label in column:
                targets[row, column[label]] = 1
        for label in (*annotation.unsure, *annotation.unknown):
            if label in column:
                counted[row, column[label]] = 0
    return targets, counted


def group_events(annotations: Sequence[Annotation]) -> NDArray[np.intp]:
    """(n,) a group number each: the same for near-duplicates and reports of one event, chains of them included."""
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [f"{row.title}\n{row.text}" for row in annotations]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), sublinear_tf=True).fit_transform(texts)
    similar = vectors @ vectors.T
    similar.data = similar.data >= _SAME_EVENT
    similar.eliminate_zeros()
    _, groups = connected_components(similar, directed=False)
    return np.asarray(groups, dtype=np.intp)


def split_folds(annotations: Sequence[Annotation], *, n_folds: int, seed: int) -> NDArray[np.intp]:
    """(n,) the fold of each annotation: events kept whole, every label spread as evenly as that allows.

    Groups are dealt in random order, those with rare labels first, each to the fold that has the fewest of its
    rarest label (Sechidis et al. 2011, "On the stratification of multi-label data", simplified).
    """
    groups = group_events(annotations)
    counts: dict[str, int] = {}
    for row in annotations:
        for label in row.labels:
            counts[label] = counts.get(label, 0) + 1
    members: dict[int, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(int(group), []).append(index)
    held = [dict.fromkeys([*counts, ""], 0) for _ in range(n_folds)]
    folds = np.zeros(len(annotations), dtype=np.intp)
    order = np.random.default_rng(seed).permutation(sorted(members))
    labels_of = {group: [label for index in members[group] for label in annotations[index].labels] for group in members}
    rarity = {
        group: min((counts[label] for label in labels), default=len(annotations)) for group, labels in labels_of.items()
    }
    for group in sorted(map(int, order), key=lambda group: rarity[group]):
        labels = labels_of[group]
        rarest = min(labels, key=lambda label: counts[label], default="")
        fold = min(range(n_folds), key=lambda n: (held[n][rarest], sum(held[n].values()), n))
        for index in members[group]:
            folds[index] = fold
        for label in labels:
            held[fold][label] += 1
        held[fold][""] += len(members[group])
    return folds


def encode_annotations(
    annotations: Sequence[Annotation], label_ids: Sequence[str], encoder: Encoder, *,
    soft_targets: NDArray[np.float32] | None = None,
) -> "Dataset":  # fmt: skip
    """A row an article that has any token: `windows` (lists of token ids), `targets`, `counted`, `quoted`.

    quoted: the indices of windows that hold one of the annotator's evidence quotes.
    soft_targets: (n, n_labels) probabilities to learn instead of the annotations' labels.
    """
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    targets, counted = label_matrix(annotations, label_ids)
    if soft_targets is not None:
        targets = soft_targets
    articles = [row.article for row in annotations]
    windows_of: dict[str, list[tuple[tuple[int, ...], int, int]]] = {}
    for window in cut_windows(articles, encoder):
        windows_of.setdefault(window.article_id, []).append((window.token_ids, window.start, window.stop))
    rows = []
    for row, annotation in enumerate(annotations):
        windows = windows_of.get(annotation.id, [])
        if windows:
            starts = [annotation.article.text.find(quote) for quote in annotation.evidence.values()]
            quoted = [n for n, (_, start, stop) in enumerate(windows) if any(start <= at < stop for at in starts)]
            rows.append(
                {"windows": [list(ids) for ids, _, _ in windows], "targets": targets[row].tolist(),
                 "counted": counted[row].tolist(), "quoted": quoted}
            )  # fmt: skip
    return Dataset.from_list(rows)
