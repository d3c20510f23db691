"""Articles to tags: windows, scores, thresholds and evidence around one backend that is loaded once."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from chaoxun.errors import TaggingFailed
from chaoxun.labels import Taxonomy
from chaoxun.language import say
from chaoxun.records import Article, Band, Scores, Span, Tag, TaggedArticle
from chaoxun.tagging.backends import Backend
from chaoxun.tagging.pooling import pool_windows
from chaoxun.tagging.windows import cut_sentences, cut_windows

if TYPE_CHECKING:
    import numpy as np

# A reader checks a tag by one sentence, sometimes two; more would be the article again.
MAX_EVIDENCE_SENTENCES = 3


class Tagger:
    """A release ready to tag."""

    def __init__(
        self, backend: Backend, *, release: str, taxonomy: Taxonomy, thresholds: Mapping[str, float],
        accept: float | None = None,
    ) -> None:  # fmt: skip
        """`thresholds` holds one for every label of the backend; a score at or above it gives the tag.

        accept: a tag whose score reaches it as well needs no reader; None: the release does not say.
        """
        self.backend, self.release, self.taxonomy = backend, release, taxonomy
        self.thresholds, self.accept = dict(thresholds), accept

    def tag(self, articles: Sequence[Article]) -> list[TaggedArticle]:
        """Each article with its tags, in the order given.

        Raises TaggingFailed, naming the article, when the model answers with NaN or infinity.
        """
        scores = self.score(articles)
        chosen = [
            [label for label, value in zip(scores.label_ids, row, strict=True) if value >= self.thresholds[label]]
            for row in scores.values
        ]
        evidence = self._find_evidence([(a, labels) for a, labels in zip(articles, chosen, strict=True) if labels])
        return [
            self._tagged(article, dict(zip(scores.label_ids, map(float, row), strict=True)), labels, evidence)
            for article, row, labels in zip(articles, scores.values, chosen, strict=True)
        ]

    def score(self, articles: Sequence[Article]) -> Scores:
        """The probability of every label for every article, highest over its windows; no thresholds, no evidence."""
        import numpy as np

        windows = cut_windows(articles, self.backend)
        row_of = {article.id: row for row, article in enumerate(articles)}
        owners = np.array([row_of[window.article_id] for window in windows], dtype=np.intp)
        values = pool_windows(self.backend.score(windows), owners, n_articles=len(articles))
        for article, row in zip(articles, values, strict=True):
            _check_finite(article, row)
        return Scores(
            article_ids=tuple(article.id for article in articles), label_ids=self.backend.label_ids, values=values
        )

    def _find_evidence(self, tagged: list[tuple[Article, list[str]]]) -> dict[tuple[str, str], tuple[Span, ...]]:
        """(article id, label id) to the sentences that carry the tag, strongest first.

        Each sentence is scored alone; the best one is evidence, and so are up to two more that would be tagged alone.
        """
        windows = cut_sentences([article for article, _ in tagged], self.backend)
        values = self.backend.score(windows)
        rows_of: dict[str, list[int]] = {}
        for row, window in enumerate(windows):
            rows_of.setdefault(window.article_id, []).append(row)
        found = {}
        for article, labels in tagged:
            for label in labels:
                column = values[:, self.backend.label_ids.index(label)]
                best = sorted(rows_of.get(article.id, []), key=lambda row: -column[row])[:MAX_EVIDENCE_SENTENCES]
                kept = [row for n, row in enumerate(best) if n == 0 or column[row] >= self.thresholds[label]]
                found[article.id, label] = tuple((windows[row].start, windows[row].stop) for row in kept)
        return found

    def _band(self, score: float) -> Band:
        if self.accept is None:
            return ""
        return "accept" if score >= self.accept else "review"

    def _tagged(
        self, article: Article, scores: dict[str, float], labels: list[str],
        evidence: Mapping[tuple[str, str], tuple[Span, ...]],
    ) -> TaggedArticle:  # fmt: skip
        tags = [
            Tag(
                article_id=article.id, label_id=label, score=scores[label], evidence=evidence[article.id, label],
                origin=f"model:{self.release}", band=self._band(scores[label]),
            )
            for label in sorted(labels, key=lambda label: -scores[label])
        ]  # fmt: skip
        return TaggedArticle(article=article, tags=tuple(tags), scores=scores)


def _check_finite(article: Article, row: "np.ndarray") -> None:
    import numpy as np

    if not np.isfinite(row).all():
        raise TaggingFailed(
            what=say(en="the model gave no usable score (NaN or infinity)", zh="模型没有给出可用的分数（NaN 或无穷）"),
            where=article.id,
            advice=say(en="check the release with 'chaoxun doctor'", zh="请用 chaoxun doctor 检查模型"),
        )
