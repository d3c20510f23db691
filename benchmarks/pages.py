"""How well pages are split: `python benchmarks/pages.py CORPUS.jsonl.zst [--themes LABELLED.jsonl.zst] [--examples examples]`.

Prints boundary F1 (an article counts when its body overlaps the true one with IoU >= 0.9), headlines right among the
articles matched and among those of them that are printed, line joins right, and pages per CPU second, for chaoxun
and for a naive splitter that knows only feed names and bylines, on pages composed from the part of the corpus that the
splitter was not fitted on; then the same for the families of habits that fitting never saw.
"""

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chaoxun.cleaning.characters import model_view
from chaoxun.reading.issues import read_issue
from chaoxun.records import Article, Page
from chaoxun.segmenting.articles import split_page
from compose_pages import Composer, TrueArticle
from page_pool import PARTS, page_of, read_pool

_SHINGLE = 4
"""Characters that overlap is counted in: single ones are in every text."""
_NAIVE_START = re.compile(r"\s*本报(?:[^，。]{0,10}(?:讯|电))")
_NAIVE_END = re.compile(r"[（(][^（）()，。]{2,20}[）)]\s*$")


@dataclass(slots=True)
class Tally:
    """Counts over pages."""

    n_true: int = 0
    n_found: int = 0
    n_matched: int = 0
    n_headed: int = 0
    n_printed: int = 0
    n_printed_right: int = 0
    n_joins: int = 0
    n_joins_right: int = 0
    n_pages: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def report(self, name: str) -> str:
        """One line of figures."""
        f1 = 2 * self.n_matched / max(self.n_true + self.n_found, 1)
        return (
            f"{name:24s} pages {self.n_pages:4d}  boundary F1 {f1:.3f} (P {self.n_matched / max(self.n_found, 1):.3f} "
            f"R {self.n_matched / max(self.n_true, 1):.3f})  headline of matched {self.n_headed / max(self.n_matched, 1):.3f}"
            f"  of printed {self.n_printed_right / max(self.n_printed, 1):.3f}  joins {self.n_joins_right / max(self.n_joins, 1):.4f}"
            f"  pages/s {self.n_pages / max(self.seconds, 1e-9):.1f}"
        )


def squeeze(text: str) -> str:
    """The model's view of `text` without white space."""
    return "".join(model_view(text).split())


def shingles(text: str) -> Counter[str]:
    """How often each run of _SHINGLE characters occurs."""
    squeezed = squeeze(text)
    return Counter(squeezed[k : k + _SHINGLE] for k in range(max(1, len(squeezed) - _SHINGLE + 1)))


def overlap(one: Counter[str], other: Counter[str]) -> float:
    """Intersection over union."""
    common = (one & other).total()
    return common / max(one.total() + other.total() - common, 1)


def match_articles(truth: Sequence[TrueArticle], found: Sequence[Article]) -> list[tuple[int, int]]:
    """Pairs of true and found articles that overlap enough."""
    true_bags = [shingles("".join(article.paragraphs)) for article in truth]
    found_bags = [shingles("".join(article.paragraphs)) for article in found]
    pairs = [(i, j) for i, a in enumerate(true_bags) for j, b in enumerate(found_bags) if overlap(a, b) >= 0.9]
    matched: dict[int, int] = {}
    for i, j in pairs:
        if i not in matched and j not in matched.values():
            matched[i] = j
    return list(matched.items())


def count_joins(true: TrueArticle, found: Article, page: Page) -> tuple[int, int]:
    """Line ends inside the true body, and those of them that the found paragraphs treat alike."""
    body = "".join(map(squeeze, true.paragraphs))
    breaks, at = set(), 0
    for paragraph in true.paragraphs:
        at += len(squeeze(paragraph))
        breaks.add(at)
    ours, ours_at, found_breaks = "", 0, set()
    for paragraph in found.paragraphs:
        ours += squeeze(paragraph)
        ours_at = len(ours)
        found_breaks.add(ours_at)
    n_ends = n_right = 0
    cursor = 0
    for line in page.lines:
        text = squeeze(line.text)
        place = body.find(text, cursor) if len(text) > 3 else -1
        if place < 0 or place - cursor > 200:
            continue
        cursor = place + len(text)
        around = body[max(0, cursor - 10) : cursor + 10]
        ours_place = ours.find(around) + min(10, cursor)
        if cursor < len(body) and ours_place >= 10:
            n_ends += 1
            n_right += (cursor in breaks) == (ours_place in found_breaks)
    return n_ends, n_right


def tally_page(tally: Tally, page: Page, *, truth: Sequence[TrueArticle], found: Sequence[Article]) -> None:
    """Add one page to the counts."""
    found = [article for article in found if article.kind in ("article", "photo")]
    pairs = match_articles(truth, found)
    tally.n_pages += 1
    tally.n_true += len(truth)
    tally.n_found += len(found)
    tally.n_matched += len(pairs)
    for i, j in pairs:
        wanted = squeeze(truth[i].headline)
        given = squeeze(found[j].kicker + found[j].headline)
        is_right = wanted == given or (bool(wanted) and _is_near(truth[i], found[j]))
        tally.n_headed += is_right
        if wanted:
            tally.n_printed += 1
            tally.n_printed_right += is_right
        if not is_right:
            tally.wrong.append(
                f"{truth[i].headline!r} got {found[j].kicker!r} {found[j].headline!r} {found[j].subtitle!r}"
            )
        n_ends, n_right = count_joins(truth[i], found[j], page)
        tally.n_joins += n_ends
        tally.n_joins_right += n_right
    matched = {i for i, _ in pairs}
    tally.wrong += [f"lost {''.join(a.paragraphs)[:40]!r}" for i, a in enumerate(truth) if i not in matched]


def _is_near(true: TrueArticle, found: Article) -> bool:
    """Right also when the printed subtitle counts to the headline, or letters are scrambled as printed."""
    given = squeeze(found.kicker + found.headline)
    wanted = squeeze(true.headline)
    return given == wanted + squeeze(true.subtitle) or (sorted(given) == sorted(wanted) and true.kind == "photo")


def split_naively(page: Page, *, issue_id: str) -> tuple[Article, ...]:
    """What a splitter finds that knows only feed names and bylines: the figure to beat."""
    groups: list[list[str]] = [[]]
    for line in page.lines:
        if _NAIVE_START.match(line.text) and groups[-1]:
            groups.append([])
        groups[-1].append(line.text)
        if _NAIVE_END.search(line.text):
            groups.append([])
    return tuple(
        Article(id=f"{issue_id}-{n}", page_number=None, paragraphs=("".join(text.strip() for text in group),))
        for n, group in enumerate(groups)
        if "".join(group).strip()
    )


Splitter = Callable[..., tuple[Article, ...]]


def measure(split: Splitter, pages: Iterable[tuple[Page, Sequence[TrueArticle]]]) -> Tally:
    """The counts of one splitter over pages."""
    tally = Tally()
    for page, truth in pages:
        start = time.process_time()
        found = split(page, issue_id="p")
        tally.seconds += time.process_time() - start
        tally_page(tally, page, truth=truth, found=found)
    return tally


def read_truth(folder: Path) -> list[tuple[Page, Sequence[TrueArticle]]]:
    """The pages of examples and their true articles: `truth/*.jsonl` beside the issues."""
    by_page: dict[Path, list[TrueArticle]] = {}
    for file in sorted((folder / "truth").glob("*.jsonl")):
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if row.get("kind", "article") in ("article", "photo"):
                true = TrueArticle(
                    kind=row.get("kind", "article"), headline=row.get("kicker", "") + row.get("headline", ""), subtitle=row.get("subtitle", ""),
                    byline=row.get("byline", ""), paragraphs=row["text"].split("\n"), captions=row.get("captions", []),
                )  # fmt: skip
                by_page.setdefault(folder / row["page_file"], []).append(true)
    return [
        (read_issue(path, display=str(path), relative=path.name).pages[0], truth) for path, truth in by_page.items()
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--themes", type=Path)
    parser.add_argument("--examples", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument(
        "--part", default="check", choices=PARTS, help="part of the corpus; all but check were fitted on"
    )
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--wrong", type=int, default=0, help="print so many mistakes")
    options = parser.parse_args()
    sets: list[tuple[str, list[tuple[Page, Sequence[TrueArticle]]]]] = []
    if options.corpus:
        composer = Composer(read_pool(options.corpus, themes=options.themes, part=options.part))
        for name, held_out in (("composed", False), ("unseen habits", True)):
            rng = random.Random(options.seed)
            composed = [composer.compose(rng, held_out=held_out) for _ in range(options.pages)]
            sets.append((name, [(page_of(page.text), page.articles) for page in composed]))
            if held_out:
                families = sorted({page.habits.family for page in composed})
                drawn = list(zip(sets[-1][1], composed, strict=True))
                for family in families:
                    sets.append((f"  {family}", [pair for pair, page in drawn if page.habits.family == family]))
    if options.examples:
        sets.append(("examples", read_truth(options.examples)))
    for name, pages in sets:
        tally = measure(split_page, pages)
        print(tally.report(name), flush=True)
        if not name.startswith(" "):
            print(measure(split_naively, pages).report("  naive"), flush=True)
        if options.wrong:
            print(*random.Random(1).sample(tally.wrong, min(options.wrong, len(tally.wrong))), sep="\n")


if __name__ == "__main__":
    main()
