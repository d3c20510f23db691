"""Kills runs with kill -9 and prints what was lost or doubled: `python benchmarks/kills.py --kills 500`.

The folder is made of invented pages, the tagger is the keyword backend, everything else is the real pipeline.  With
--naive, the store that marks a source as done in a second transaction, which has to fail.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from fakes.killing import Batches, run_with_kills
from fakes.pages import write_folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--naive", action="store_true")
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        write_folder(Path(work) / "pages", n_pages=options.pages)
        with Batches(Path(work) / "pages", *(["naive"] if options.naive else [])) as batches:
            report = run_with_kills(batches, Path(work), n_kills=options.kills, seed=options.seed)
    print(f"undisturbed run   {report.seconds:.2f} s: {report.n_articles} records, {report.n_tags} tags")
    print(f"kills             {report.n_kills}, spread over that time; {report.n_stores} stores run to their end")
    print(f"problems          {len(report.problems)} (lost or doubled rows, damage, states that do not add up)")
    for problem in report.problems[:20]:
        print(f"  {problem}")
    print(f"in all            {time.monotonic() - started:.0f} s")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
