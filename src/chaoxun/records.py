"""The values that travel from a file to its tags; each stage takes one kind and returns the next.

`Source -> Issue -> Page -> Article -> Window -> Scores -> Tag`.  All are frozen.  Offsets count characters (code
points), ranges are half-open, and "" means: not printed, or not known.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Span = tuple[int, int]
"""(start, stop), half-open, in characters of the text it belongs to."""

ArticleKind = Literal["article", "photo", "furniture", "unassigned"]
"""`photo`: a picture text that belongs to no article.  `furniture`: masthead, page number, editors, weather.
`unassigned`: characters that no article could be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed line of a page."""

    text: str
    """As extracted, without the line break."""
    start: int
    """Where it begins in the text of its page: `page.text[start : start + len(text)] == text`."""
    box: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom in points, origin top left; None without geometry."""
    font_size_pt: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a newspaper as extracted."""

    number: int | None
    """1-based, as printed; None = not known."""
    text: str
    """The decoded characters, line breaks included, nothing changed: what `Article.spans` point into."""
    lines: tuple[Line, ...]
    """In the order of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One input file: the unit of state, of the done-key and of the transaction."""

    path: str
    """Beginning with the path as given; a ZIP member is `a.zip!inner/03.txt`."""
    sha256: str
    """Of the bytes, 64 hex digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The pages that one source brings to an issue: one newspaper and date."""

    id: str
    """ASCII, like `ahgrb-2021-01-22`; without a date made from the path relative to what was given."""
    newspaper: str
    date: str
    """ISO 8601, `2021-01-22`; "" = not known."""
    source: Source
    pages: tuple[Page, ...]
    encoding: str
    """The encoding the bytes were read in."""
    is_damaged: bool
    """True when bytes could not be decoded and U+FFFD stands for them: the source ends as `partial`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of a page, or the rest of the page by kind."""

    id: str
    """Like `ahgrb-2021-01-22-p03-a02`."""
    page_number: int | None
    kind: ArticleKind = "article"
    kicker: str = ""
    """肩题, above the headline."""
    headline: str = ""
    """主题.  Kicker and headline are all printed headline lines in reading order."""
    subtitle: str = ""
    """副题, below the headline."""
    byline: str = ""
    """Who wrote or sent it, without its brackets."""
    paragraphs: tuple[str, ...] = ()
    """Joined from the printed lines."""
    captions: tuple[str, ...] = ()
    """Texts of pictures that belong to this article."""
    spans: tuple[Span, ...] = ()
    """Ascending, disjoint ranges of `Page.text` that this record was made from, headline and byline included.  Over
    all records of a page they cover every character that is not white space exactly once."""

    @property
    def text(self) -> str:
        """The paragraphs joined by line breaks: what offsets of evidence and windows count in."""
        return "\n".join(self.paragraphs)

    @property
    def title(self) -> str:
        """Kicker, headline and subtitle with spaces between: what stands in front of every window."""
        return " ".join(part for part in (self.kicker, self.headline, self.subtitle) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A piece of an article that fits the model."""

    article_id: str
    start: int
    stop: int
    """Half-open characters of `Article.text`."""
    token_ids: tuple[int, ...]
    """Special tokens and the title in front included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How sure the model is of each label, article by article."""

    article_ids: tuple[str, ...]
    label_ids: tuple[str, ...]
    values: "NDArray[np.float32]"
    """(n_articles, n_labels) in [0, 1], columns in the order of `label_ids`."""


Band = Literal["accept", "review", ""]
"""`accept`: of such tags 95 in 100 were right on the development articles of the release; `review`: a reader should
look; "" = the release does not say, or a reader gave the tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One label given to one article."""

    article_id: str
    label_id: str
    score: float
    """In [0, 1]."""
    evidence: tuple[Span, ...]
    """The ranges of `Article.text` that carry the tag, the strongest first."""
    origin: str
    """`model:<release>` or `reviewer:<name>`."""
    band: Band = ""
    """Whether a reader has to look: see `Band`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedArticle:
    """An article with what the model says of it."""

    article: Article
    tags: tuple[Tag, ...]
    """Highest score first."""
    scores: dict[str, float]
    """Every label of the release by id, in [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a source is not done."""

    source: str
    sha256: str
    """"" when the bytes could not be read."""
    stage: str
    """`list`, `read`, `decode`, `split`, `tag` or `store`."""
    reason: str
    """A code like EMPTY, CORRUPT, REJECT, UNKNOWN_FORMAT."""
    message: str
    """What is wrong, and where."""
    advice: str = ""
    """The next thing to do; "" when only the reason code tells."""
