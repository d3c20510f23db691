"""What becomes of a source: its `Outcome` with state and articles, or the failure that stands in for them."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from chaoxun.errors import ChaoxunError, InputError, NoText, TaggingFailed, UndecodableText, UnknownFormat
from chaoxun.language import say
from chaoxun.records import Article, Failure, Issue, TaggedArticle

State = Literal["done", "partial", "quarantined", "needs_ocr", "unsupported", "skipped_duplicate", "pending"]
STATES: tuple[State, ...] = get_args(State)
USABLE_STATES: tuple[State, ...] = ("done", "partial")
"""The states of sources whose articles are kept."""
BAD_STATES: tuple[State, ...] = ("partial", "quarantined", "needs_ocr")
"""The states that make a run end with exit code 1."""
TAGGED_KINDS = ("article", "photo")
"""The kinds of records that are tagged, counted and exported; the rest of a page is kept beside them."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRecord:
    """A record of a source with the page it stands on."""

    page_position: int
    """From 0: `Issue.pages[page_position]`."""
    tagged: TaggedArticle
    """Without tags and scores for kinds that are not tagged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One source after a run."""

    key: str
    """Absolute path, the identity of the source."""
    source: str
    """Beginning with the path as given."""
    relative: str
    """Relative to what was given."""
    sha256: str
    """"" when the bytes could not be read."""
    state: State
    failure: Failure | None = None
    """Why, for every state but done and pending."""
    duplicate_of: str = ""
    """The key of the source with the same bytes whose articles are kept."""
    issue: Issue | None = None
    """None for sources that could not be read, and for those done by an earlier run."""
    records: tuple[PlacedRecord, ...] = ()
    """Of all four kinds, in reading order."""
    id_suffix: str = ""
    """What the ids of all records end with, because another source had the plain ids already."""
    is_new: bool = True
    """False when an earlier run found it so and nothing was done."""
    n_articles: int = 0
    """Records of the tagged kinds, also when they are in the store only."""

    @property
    def articles(self) -> tuple[TaggedArticle, ...]:
        """The records of the tagged kinds, in reading order."""
        return tuple(record.tagged for record in self.records if record.tagged.article.kind in TAGGED_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is."""

    n_found: int
    """Inputs listed."""
    n_known: int
    """Of these, done by earlier runs."""
    n_done: int
    """Of these, finished in this run, whatever their state."""
    n_articles: int
    """Articles tagged in this run."""
    seconds: float
    """Since the run began to work on the first source."""

    @property
    def seconds_left(self) -> float | None:
        """What the rest will take at the rate so far; None before the first source is finished."""
        if not self.n_done:
            return None
        return (self.n_found - self.n_known - self.n_done) * self.seconds / self.n_done


def attempt(step: Callable[[], T], *, source: str, sha256: str, stage: str) -> T | Failure:
    """What `step` gives, or the failure it ended in: one bad input never stops a run.

    The only place that catches everything.  Stopping a run (KeyboardInterrupt, SystemExit) is no failure of an input;
    a panic of the Rust tokenizer is one, though it is no Exception.
    """
    try:
        return step()
    except (InputError, TaggingFailed) as error:
        place = f"{error.where}: " if error.where and error.where != source else ""
        return Failure(
            source=source, sha256=sha256, stage=_stage(error, stage), reason=error.reason,
            message=f"{place}{error.what}", advice=error.advice,
        )  # fmt: skip
    except ChaoxunError:
        raise  # not the input's fault: a wrong option, a release that cannot be used
    except Exception as error:
        return _crash(error, source=source, sha256=sha256, stage=stage)
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        return _crash(error, source=source, sha256=sha256, stage=stage)


def state_of(failure: Failure) -> State:
    """The state that a source without articles is in for this reason."""
    return _STATES.get(failure.reason, "quarantined")


# What nobody expects to be read.  A file or folder that should be and cannot (PERMISSION, UNREADABLE) is none of these.
_STATES: dict[str, State] = {
    UnknownFormat.reason: "unsupported", "LINK": "unsupported", "SPECIAL": "unsupported", "HIDDEN": "unsupported",
    "NEEDS_OCR": "needs_ocr",
}  # fmt: skip


def _stage(error: InputError | TaggingFailed, stage: str) -> str:
    return "decode" if isinstance(error, UndecodableText | NoText) else stage


def _crash(error: BaseException, *, source: str, sha256: str, stage: str) -> Failure:
    """The failure for an error nobody foresaw: its kind and where in the code it rose."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f", {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    summary = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return Failure(
        source=source, sha256=sha256, stage=stage, reason="OOM" if isinstance(error, MemoryError) else "INTERNAL",
        message=f"{summary}{place}",
        advice=say(en="report it with this line; other inputs are not affected", zh="请反馈此行；其他文件不受影响"),
    )  # fmt: skip


def count_articles(records: tuple[PlacedRecord, ...]) -> int:
    """How many records are of the tagged kinds."""
    return sum(is_tagged_kind(record.tagged.article) for record in records)


def is_tagged_kind(article: Article) -> bool:
    """True for articles and pictures, false for the rest of a page."""
    return article.kind in TAGGED_KINDS
