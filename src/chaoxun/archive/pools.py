"""Prepared sources to pools, and pools to tagged articles: as many at a time as the model tags in a few seconds.

Many articles in one call fill batches of equal length; few enough that a signal is obeyed soon and a kill costs little.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from chaoxun.archive.jobs import ArticleTagger, Job
from chaoxun.archive.outcomes import attempt, is_tagged_kind
from chaoxun.archive.planning import Entry
from chaoxun.errors import TaggingFailed
from chaoxun.language import say
from chaoxun.records import Article, Failure, Issue, TaggedArticle

MAX_SOURCES = 64
"""In a pool; bounds the memory, with MAX_ARTICLES."""
MAX_ARTICLES = 500
"""In one call of the tagger."""

# Seconds that one call of the tagger should take: long enough for full batches, and a kill loses no more than this.
_TARGET_SECONDS = 2.0
# Characters of text.  The first pool is small, because the speed is not known yet: 20,000 characters are some five
# pages, a second of a small BERT on one core and five of a base BERT.
_FIRST_CHARS = 20_000
_MIN_CHARS, _MAX_CHARS = 4_000, 400_000

# A model that fails on more than one source in a hundred is broken, and going on would mark a whole archive as bad
# (goal F12).  Ten failures first, so that one odd page among the first hundred stops nothing.
_MAX_FAILED_SHARE = 0.01
_MIN_FAILED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A source on its way to the tagger."""

    entry: Entry
    sha256: str
    """Of the bytes that were read."""
    issue: Issue | None = None
    records: tuple[tuple[int, Article], ...] = ()
    """(position of the page, record), of all four kinds."""
    failure: Failure | None = None
    duplicate_of: str = ""
    """Key of the source with the same bytes that has the articles."""
    is_skipped: bool = False
    """True when nothing is done about it in this run."""

    @property
    def articles(self) -> list[Article]:
        """The records that the tagger gets."""
        return [article for _, article in self.records if is_tagged_kind(article)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedPool:
    """What the tagger made of a pool."""

    articles: dict[str, TaggedArticle] = field(default_factory=dict)
    """By id.  Those that the run was stopped before are missing."""
    failures: dict[str, Failure] = field(default_factory=dict)
    """By key of the source."""


def make_pools(sources: Iterable[Prepared], pace: "Pace") -> Iterator[list[Prepared]]:
    """The sources in order, in lists that one or two calls of the tagger can take.

    Two sources with the same bytes, or with an id in common, never share a pool: what becomes of the second depends
    on what became of the first, and ids are unique within a call.
    """
    pool: list[Prepared] = []
    seen: set[str] = set()
    n_chars = n_articles = 0
    for source in sources:
        marks = {f"sha256:{source.sha256 or source.entry.key}", *(article.id for _, article in source.records)}
        is_full = len(pool) >= MAX_SOURCES or n_chars >= pace.max_chars or n_articles >= MAX_ARTICLES
        if pool and (is_full or marks & seen):
            yield pool
            pool, seen, n_chars, n_articles = [], set(), 0, 0
        pool.append(source)
        seen |= marks
        n_chars += sum(len(article.text) for article in source.articles)
        n_articles += len(source.articles)
    if pool:
        yield pool


class Pace:
    """How many characters to give the tagger at a time, learned from how long it took."""

    def __init__(self) -> None:
        self.max_chars = _FIRST_CHARS

    def learn(self, n_chars: int, *, seconds: float) -> None:
        """Takes in a call that tagged so many characters."""
        wanted = int(n_chars / max(seconds, 1e-3) * _TARGET_SECONDS)
        self.max_chars = max(min(wanted, 2 * self.max_chars, _MAX_CHARS), _MIN_CHARS)

    def cut(self, articles: Sequence[Article]) -> Iterator[list[Article]]:
        """`articles` in pieces for one call each."""
        piece: list[Article] = []
        n_chars = 0
        for article in articles:
            if piece and (n_chars + len(article.text) > self.max_chars or len(piece) >= MAX_ARTICLES):
                yield piece
                piece, n_chars = [], 0
            piece.append(article)
            n_chars += len(article.text)
        if piece:
            yield piece


class PoolTagger:
    """Tags pool after pool with one tagger, and keeps count of what it failed on."""

    def __init__(self, tagger: ArticleTagger, job: Job, pace: Pace) -> None:
        self._tagger, self._is_stopped, self._pace = tagger, job.is_stopped, pace
        self._n_sources = self._n_failed = 0

    def tag(self, sources: Sequence[Prepared]) -> TaggedPool:
        """All articles of these sources: all at once, and if that fails one source by another, to learn which it was.

        Raises TaggingFailed when the model fails on so many that it must be broken.
        """
        articles = [article for source in sources for article in source.articles]
        together = attempt(lambda: self._tag_all(articles), source="", sha256="", stage="tag")
        self._n_sources += len(sources)
        if not isinstance(together, Failure):
            return TaggedPool(articles=together)
        pool = TaggedPool()
        for source in sources:
            found = self._tag_source(source)
            if isinstance(found, Failure):
                pool.failures[source.entry.key] = found
            else:
                pool.articles.update(found)
        self._n_failed += len(pool.failures)
        self._check_model()
        return pool

    def _tag_source(self, source: Prepared) -> dict[str, TaggedArticle] | Failure:
        return attempt(
            lambda: self._tag_all(source.articles), source=source.entry.source, sha256=source.sha256, stage="tag"
        )

    def _tag_all(self, articles: Sequence[Article]) -> dict[str, TaggedArticle]:
        found: dict[str, TaggedArticle] = {}
        for piece in self._pace.cut(articles):
            if self._is_stopped():
                break
            started = time.monotonic()
            tagged = self._tagger.tag(piece)
            self._pace.learn(sum(len(article.text) for article in piece), seconds=time.monotonic() - started)
            _check(piece, tagged)
            found |= {answered.article.id: answered for answered in tagged}
        return found

    def _check_model(self) -> None:
        if self._n_failed > max(_MIN_FAILED, _MAX_FAILED_SHARE * self._n_sources):
            bad, tried = self._n_failed, self._n_sources
            raise TaggingFailed(
                what=say(
                    en=f"the model failed on {bad} of {tried} inputs", zh=f"模型在 {tried} 个文件中的 {bad} 个上失败"
                ),
                advice=say(
                    en="check the release with 'chaoxun doctor'; 'chaoxun status' shows the reasons",
                    zh="请用 chaoxun doctor 检查模型；chaoxun status 可查看原因",
                ),
            )


def _check(given: Sequence[Article], answered: Sequence[TaggedArticle]) -> None:
    """Raises TaggingFailed for answers to other articles than were given, and for a score that is none."""
    if [tagged.article.id for tagged in answered] != [article.id for article in given]:
        raise _failed(say(en="the model answered to other articles than asked", zh="模型返回的文章与输入不符"), "")
    for tagged in answered:
        scores = (*tagged.scores.values(), *(tag.score for tag in tagged.tags))
        if not all(math.isfinite(score) and 0 <= score <= 1 for score in scores):
            nothing = say(en="no usable score from the model (NaN or out of range)", zh="模型没有给出可用的分数")
            raise _failed(nothing, tagged.article.id)


def _failed(what: str, where: str) -> TaggingFailed:
    advice = say(en="check the release with 'chaoxun doctor'", zh="请用 chaoxun doctor 检查模型")
    return TaggingFailed(what=what, where=where, advice=advice)
