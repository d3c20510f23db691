"""Rows of the store as values, and values as columns: what is read back is equal to what was saved."""

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from chaoxun.archive.outcomes import State, is_tagged_kind
from chaoxun.records import Article, ArticleKind, Band, Failure, Span, Tag, TaggedArticle

# Two articles of an issue are linked as one text printed twice from this many characters on: below it, equal texts
# are "(更多报道见第三版)" and the like.  Characters without white space.
MIN_LINKED_CHARS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What the rows of one run are made with: the done-key beside the bytes, and the thresholds of the tags."""

    release: str
    """Key of the release: name and digest."""
    pipeline: int
    asked_encoding: str
    """Of `--encoding`; "" = found out."""
    code_version: str
    thresholds: dict[str, float]
    """By label id; empty as long as no model is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a store knows of one source, its articles aside."""

    key: str
    source: str
    relative: str
    state: State
    sha256: str
    pipeline: int
    release: str
    asked_encoding: str
    failure: Failure | None
    duplicate_of: str
    """Key of the source with the same bytes; ""."""
    id_suffix: str
    n_articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article of the store with where it comes from."""

    tagged: TaggedArticle
    issue_id: str
    newspaper: str
    date: str
    """ISO 8601; "" = not known."""
    source: str
    """Beginning with the path as given."""
    release: str
    """Name of the release that tagged it."""
    duplicate_of: str
    """Id of the first article of the issue with the same text; "" = this is the first, or the only one."""


KNOWN_COLUMNS = """s.key, s.path, s.relative, s.state, s.sha256, s.pipeline, s.release, s.asked_encoding,
    s.stage, s.reason, s.message, s.advice, coalesce(d.key, ''), s.id_suffix, s.n_articles"""
ARTICLE_COLUMNS = """a.id, a.page_number, a.kind, a.kicker, a.headline, a.subtitle, a.byline, a.text, a.captions,
    a.spans, a.scores, a.issue_id, s.newspaper, s.date, s.path, coalesce(r.name, s.release),
    coalesce((SELECT b.id FROM articles b WHERE b.issue_id = a.issue_id AND b.text_digest = a.text_digest
              AND a.text_digest <> '' ORDER BY b.source_id, b.position LIMIT 1), a.id)"""

Row = tuple[object, ...]


def known_of(row: Row) -> Known:
    """The value of KNOWN_COLUMNS."""
    key, source, relative, state, sha256, pipeline, release, asked, *failed, duplicate_of, suffix, n_articles = row
    stage, reason, message, advice = map(str, failed)
    failure = Failure(
        source=str(source), sha256=str(sha256), stage=stage, reason=reason, message=message, advice=advice
    )
    return Known(
        key=str(key), source=str(source), relative=str(relative), state=_state(state), sha256=str(sha256),
        pipeline=_int(pipeline), release=str(release), asked_encoding=str(asked),
        failure=failure if reason else None, duplicate_of=str(duplicate_of), id_suffix=str(suffix),
        n_articles=_int(n_articles),
    )  # fmt: skip


def article_of(row: Row, tags: tuple[Tag, ...]) -> ArticleRow:
    """The value of ARTICLE_COLUMNS with the tags of that article."""
    article_id, page_number, kind, kicker, headline, subtitle, byline, text, captions, spans, scores, *rest = row
    issue_id, newspaper, date, source, release, first_id = map(str, rest)
    article = Article(
        id=str(article_id), page_number=None if page_number is None else _int(page_number), kind=_kind(kind),
        kicker=str(kicker), headline=str(headline), subtitle=str(subtitle), byline=str(byline),
        paragraphs=tuple(str(text).split("\n")) if text else (), captions=tuple(json.loads(str(captions))),
        spans=spans_of(spans),
    )  # fmt: skip
    return ArticleRow(
        tagged=TaggedArticle(article=article, tags=tags, scores=json.loads(str(scores))), issue_id=issue_id,
        newspaper=newspaper, date=date, source=source, release=release,
        duplicate_of="" if first_id == article.id else first_id,
    )  # fmt: skip


def spans_of(column: object) -> tuple[Span, ...]:
    """The ranges of a JSON column."""
    return tuple((start, stop) for start, stop in json.loads(str(column)))


def band_of(column: object) -> Band:
    """The band of a tag."""
    return "accept" if column == "accept" else "review" if column == "review" else ""


def to_json(value: object) -> str:
    """Compact JSON in UTF-8; equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def storable(text: str) -> str:
    """`text` with U+FFFD for every lone surrogate, which SQLite does not take; same length."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


def printable_path(path: str) -> str:
    r"""`path` with `\udc80` for every byte that is no UTF-8 in it, as Python's own messages show it."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def pack_text(text: str) -> bytes:
    """The text of a page as a column: a third to a half of its size as UTF-8."""
    return zlib.compress(storable(text).encode("utf-8"))


def unpack_text(column: object) -> str:
    """The text of a page from its column."""
    if not isinstance(column, bytes):
        raise TypeError(f"page text is a {type(column).__name__}")
    return zlib.decompress(column).decode("utf-8")


def text_digest(article: Article) -> str:
    """Equal for two articles whose texts differ in white space only; "" for short texts and the rest of a page."""
    characters = "".join(article.text.split())
    if not is_tagged_kind(article) or len(characters) < MIN_LINKED_CHARS:
        return ""
    return hashlib.sha256(storable(characters).encode("utf-8")).hexdigest()[:32]


def join_storable(texts: Iterable[str]) -> str:
    """JSON of texts without lone surrogates."""
    return to_json([storable(text) for text in texts])


def _state(value: object) -> State:
    return value  # type: ignore[return-value]  # the table's CHECK lets nothing else in


def _kind(value: object) -> ArticleKind:
    return value  # type: ignore[return-value]  # written from a Literal only


def _int(value: object) -> int:
    return int(str(value))
