"""What one run is to do, and what the pipeline needs of a tagger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chaoxun import __version__
from chaoxun.archive.outcomes import Progress
from chaoxun.archive.rows import Making
from chaoxun.labels import Taxonomy
from chaoxun.reading.issues import read_issue
from chaoxun.reading.listing import Listed
from chaoxun.records import Article, Issue, Page, TaggedArticle
from chaoxun.segmenting.articles import split_page

PIPELINE_VERSION = 1
"""Part of the done-key.  Raised by hand when reading, cleaning or splitting give other articles than before: then
every source is read again."""


class ArticleTagger(Protocol):
    """What the pipeline needs of a `Tagger`."""

    release: str
    """Name of the release."""
    taxonomy: Taxonomy
    thresholds: dict[str, float]
    """By label id."""

    def tag(self, articles: Sequence[Article]) -> Sequence[TaggedArticle]:
        """Each article with its tags, in the order given."""


def _read(listed: Listed, encoding: str | None) -> Issue:
    return read_issue(listed.path, display=listed.display, relative=listed.relative, encoding=encoding)


def _split(page: Page, issue_id: str) -> Sequence[Article]:
    return split_page(page, issue_id=issue_id)


def _never() -> bool:
    return False


def _ignore(progress: Progress) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one run is to do."""

    paths: tuple[Path | str, ...]
    """Files and folders, as given."""
    release: str
    """Key of the release, cheap to have: `registry.release_key`.  A source done with another one is done again."""
    open_tagger: Callable[[], ArticleTagger]
    """Called once, before the first article; never in a run that has none."""
    encoding: str | None = None
    """Of all inputs; None = found out."""
    manifest: Path | None = None
    """A file that the run writes: no input, where it lies among the inputs."""
    is_stopped: Callable[[], bool] = _never
    """Asked between two pieces of work of a few seconds at most."""
    on_progress: Callable[[Progress], None] = _ignore
    """Called after every input."""
    read: Callable[[Listed, str | None], Issue] = _read
    """(input, encoding) to its pages."""
    split: Callable[[Page, str], Sequence[Article]] = _split
    """(page, id of the issue) to its records."""

    def making(self, thresholds: Mapping[str, float]) -> Making:
        """What the rows of this run are made with."""
        return Making(
            release=self.release, pipeline=PIPELINE_VERSION, asked_encoding=self.encoding or "",
            code_version=__version__, thresholds=dict(thresholds),
        )  # fmt: skip
