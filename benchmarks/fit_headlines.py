"""Fit what speaks for a headline: `python benchmarks/fit_headlines.py CORPUS.jsonl.zst [--themes LABELLED.jsonl.zst]`.

Random search over `chaoxun.segmenting.headlines.Worths` on pages of the fitting half, by the articles whose heading
lines are all theirs and all there.  Prints the best worths found; they are copied into the class by hand.
"""

import argparse
import random
from collections import Counter
from dataclasses import dataclass, fields, replace
from pathlib import Path

from chaoxun.segmenting.drafts import Drafts, draft_articles
from chaoxun.segmenting.headlines import Worths, attach_headings
from chaoxun.segmenting.roles import decide_roles, find_ends, score_roles
from chaoxun.segmenting.stream import Stream, build_stream, printed_lines
from compose_pages import ComposedPage, Composer, PoolArticle
from page_pool import page_of, read_pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page up to the point where headings are attached, and for each draft its true article and heading lines."""

    stream: Stream
    drafts: Drafts
    owners: tuple[int, ...]
    wanted: tuple[frozenset[int], ...]


def make_case(page: ComposedPage) -> Case | None:
    """The case of a page; None when the page has no heading."""
    printed = [line for line in page.lines if line.text.strip()]
    lines = printed_lines(page_of(page.text))
    if len(lines) != len(printed):
        return None
    stream = build_stream(lines)
    scores = score_roles(stream)
    drafts = draft_articles(lines, decide_roles(scores, ends=find_ends(stream)), scores=scores)
    if not drafts.headings:
        return None
    owners = []
    for draft in drafts.articles:
        counts = Counter(printed[k].owner for group in draft.paragraphs for k in group)
        owners.append(counts.most_common(1)[0][0])
    heads = {heading.line for heading in drafts.headings}
    wanted = [frozenset(k for k in heads if printed[k].owner == owner and printed[k].role in "Hh") for owner in owners]
    return Case(stream=stream, drafts=drafts, owners=tuple(owners), wanted=tuple(wanted))


def count_right(cases: list[Case], worths: Worths) -> float:
    """Share of the drafts whose heading lines are right."""
    n_right = n_all = 0
    for case in cases:
        owners = attach_headings(case.stream, case.drafts, worths=worths)
        for number, wanted in enumerate(case.wanted):
            given = {
                heading.line for heading, owner in zip(case.drafts.headings, owners, strict=True) if owner == number
            }
            weight = 2 if wanted else 1
            n_all += weight
            n_right += weight * (given == wanted)
    return n_right / n_all


def search(cases: list[Case], *, n_trials: int, seed: int) -> Worths:
    """The best worths of a random walk from the present ones."""
    rng = random.Random(seed)
    best, best_right = Worths(), count_right(cases, Worths())
    print(f"{best_right:.4f} at the start", flush=True)
    for _ in range(n_trials):
        changed = rng.sample([field.name for field in fields(Worths)], rng.choice((1, 1, 2, 3)))
        trial = replace(best, **{name: _vary(getattr(best, name), rng) for name in changed})
        right = count_right(cases, trial)
        if right > best_right:
            best, best_right = trial, right
            print(f"{right:.4f} {trial}", flush=True)
    return best


def _vary(worth: float, rng: random.Random) -> float:
    return round(max(0.0, worth * rng.choice((0.4, 0.7, 0.85, 1.2, 1.5, 2.5)) + rng.choice((0.0, 0.0, 0.02))), 4)


def compose_cases(pool: list[PoolArticle], *, n_pages: int, seed: int) -> list[Case]:
    """Cases of pages composed from `pool`."""
    composer, rng = Composer(pool), random.Random(seed)
    return [case for case in (make_case(composer.compose(rng)) for _ in range(n_pages)) if case]


def main() -> None:
    """Search and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--themes", type=Path)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--trials", type=int, default=150)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    pool = read_pool(options.corpus, themes=options.themes, part="lines")
    search(compose_cases(pool, n_pages=options.pages, seed=options.seed), n_trials=options.trials, seed=options.seed)


if __name__ == "__main__":
    main()
