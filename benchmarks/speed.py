"""How fast pages are read, split and tagged, where the time goes, and how much memory that takes.

    python benchmarks/speed.py PATH... [--release R] [--repeat 3]

Runs the main job without a store over PATH (default: examples) and prints medians over the repeats.  `model share` is
the share of the time inside Backend.score: near 1 means that the glue costs nothing.
"""

import argparse
import resource
import statistics
import time
from pathlib import Path

from chaoxun.archive.jobs import Job
from chaoxun.archive.pipeline import tag_inputs
from chaoxun.registry import open_tagger, release_key
from chaoxun.tagging.tagger import Tagger


class _Watch:
    """Adds up the time spent in a backend and the tokens it was given."""

    def __init__(self, tagger: Tagger) -> None:
        self.seconds, self.tokens = 0.0, 0
        self._score = tagger.backend.score
        tagger.backend.score = self.score  # type: ignore[method-assign]

    def score(self, windows):  # type: ignore[no-untyped-def]
        started = time.perf_counter()
        values = self._score(windows)
        self.seconds += time.perf_counter() - started
        self.tokens += sum(len(window.token_ids) for window in windows)
        return values


def run_once(paths: tuple[Path, ...], *, tagger: Tagger, release: str) -> dict[str, float]:
    """Figures of one run; the model is loaded already."""
    watch = _Watch(tagger)
    started = time.perf_counter()
    outcomes = list(tag_inputs(Job(paths=paths, release=release, open_tagger=lambda: tagger)))
    seconds = time.perf_counter() - started
    tagger.backend.score = watch._score  # type: ignore[method-assign]
    n_articles = sum(outcome.n_articles for outcome in outcomes)
    n_pages = sum(len(outcome.issue.pages) for outcome in outcomes if outcome.issue)
    return {
        "pages/s": n_pages / seconds, "articles/s": n_articles / seconds, "tokens/s": watch.tokens / seconds,
        "model share": watch.seconds / seconds, "pages": n_pages, "articles": n_articles, "seconds": seconds,
    }  # fmt: skip


def main() -> None:
    """Prints the median of every figure, and the peak memory of the process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("examples")])
    parser.add_argument("--release")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    started = time.perf_counter()
    tagger = open_tagger(given.release, backend=given.backend)
    print(f"{'load':12} {time.perf_counter() - started:10.2f} s")
    key = release_key(given.release, backend=given.backend)
    runs = [run_once(tuple(given.paths), tagger=tagger, release=key) for _ in range(given.repeat)]
    for name in runs[0]:
        print(f"{name:12} {statistics.median(run[name] for run in runs):10.2f}")
    print(f"{'peak memory':12} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.0f} MiB")


if __name__ == "__main__":
    main()
