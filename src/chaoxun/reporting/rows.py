"""Articles to the rows of the contract: what `tag --json`, `split --json` and a .jsonl export print a line."""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

from chaoxun.records import Article, Band, Tag, TaggedArticle

# A score is known to about three digits; more would only make files longer.
_SCORE_DIGITS = 4
# Line breaks to some readers (Python's splitlines among them), though not to JSON.
_LINE_BREAKS = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"})


class EvidenceRow(TypedDict):
    """A sentence that carries a tag: `text == row["text"][start:stop]`."""

    start: int
    stop: int
    text: str


class TagRow(TypedDict):
    """A label given to the article."""

    label: str
    name: str
    score: float
    evidence: list[EvidenceRow]
    band: Band


class ArticleRow(TypedDict):
    """An article as other programs read it; the field names are the contract's."""

    id: str
    issue: str
    source: str
    page: int | None
    kicker: str
    headline: str
    subtitle: str
    byline: str
    text: str
    captions: list[str]


class TaggedRow(ArticleRow):
    """An article with its tags."""

    tags: list[TagRow]
    scores: dict[str, float]
    release: str


class ExportRow(TaggedRow):
    """A tagged article with what the store knows beside it."""

    newspaper: str
    date: str
    kind: str


class SplitRow(ArticleRow):
    """A record of a page before tagging."""

    kind: str


def article_row(article: Article, *, issue: str, source: str) -> ArticleRow:
    """The fields of an article that do not come from a model."""
    return ArticleRow(
        id=article.id,
        issue=issue,
        source=source,
        page=article.page_number,
        kicker=article.kicker,
        headline=article.headline,
        subtitle=article.subtitle,
        byline=article.byline,
        text=article.text,
        captions=list(article.captions),
    )


def split_row(article: Article, *, issue: str, source: str) -> SplitRow:
    """A line of `split --json`."""
    return SplitRow(**article_row(article, issue=issue, source=source), kind=article.kind)


def tagged_row(tagged: TaggedArticle, *, issue: str, source: str, release: str, names: Mapping[str, str]) -> TaggedRow:
    """A line of `tag --json`; `names` gives the label ids their names."""
    return TaggedRow(
        **article_row(tagged.article, issue=issue, source=source),
        tags=tag_rows(tagged.tags, text=tagged.article.text, names=names),
        scores={label: round(score, _SCORE_DIGITS) for label, score in tagged.scores.items()},
        release=release,
    )


def tag_rows(tags: Sequence[Tag], *, text: str, names: Mapping[str, str]) -> list[TagRow]:
    """The tags with names and quoted evidence, in the order given; a label without a name shows its id."""
    return [
        TagRow(
            label=tag.label_id,
            name=names.get(tag.label_id, tag.label_id),
            score=round(tag.score, _SCORE_DIGITS),
            evidence=[EvidenceRow(start=start, stop=stop, text=text[start:stop]) for start, stop in tag.evidence],
            band=tag.band,
        )
        for tag in tags
    ]


def json_line(row: Mapping[str, object]) -> str:
    """`row` as JSON on one line, Chinese readable, line breaks of every kind escaped."""
    return json.dumps(row, ensure_ascii=False).translate(_LINE_BREAKS)


CONTRACT_FIELDS = tuple({**ArticleRow.__annotations__, **TaggedRow.__annotations__})
"""The names of `tag --json` in their order."""
