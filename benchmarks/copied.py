"""What the project's own articles share with real ones: `python benchmarks/copied.py OWN.jsonl ... --corpus FILE [--over 20]`.

Prints every span of more than `--over` characters, white space left out, that stands in an own article and in any
article of the corpus, the longest first, and how many there are.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chaoxun.cleaning.characters import model_view
from chaoxun.learning.annotations import read_annotations
from chaoxun.learning.corpus import read_corpus

_BASE = np.uint64(0x9E3779B97F4A7C15)
_CHUNK = 4_000_000
"""Characters hashed at once."""


def squeeze(text: str) -> str:
    """`text` without white space, width and variant characters made uniform: a copy set differently is a copy."""
    return "".join(model_view(text).split())


def hash_runs(text: str, size: int) -> NDArray[np.uint64]:
    """(len(text) - size + 1,) a hash of each run of `size` characters."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    n = max(len(codes) - size + 1, 0)
    hashes = np.zeros(n, np.uint64)
    for k in range(size):
        hashes = hashes * _BASE + codes[k : k + n]
    return hashes


def chunks(paths: list[Path]) -> Iterator[str]:
    """The corpus, articles parted by a line break, in pieces."""
    piece: list[str] = []
    size = 0
    for article in read_corpus(paths):
        text = squeeze(article.title) + "\n" + squeeze(article.text)
        piece.append(text)
        size += len(text)
        if size > _CHUNK:
            yield "\n".join(piece)
            piece, size = [], 0
    yield "\n".join(piece)


def shared_spans(text: str, found: NDArray[np.bool_], size: int) -> Iterator[str]:
    """The maximal spans of `text` of which every run of `size` characters was found."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], found.astype(np.int8), [0]])))
    for start, stop in edges.reshape(-1, 2):
        yield text[start : stop + size - 1]


def main() -> None:
    """Prints the spans."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("own", type=Path, nargs="+")
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--over", type=int, default=20)
    options = parser.parse_args()
    size = options.over + 1
    own = [(row.id, squeeze(row.title) + "\n" + squeeze(row.text)) for row in read_annotations(options.own)]
    hashes = [hash_runs(text, size) for _, text in own]
    wanted = np.unique(np.concatenate(hashes))
    met = np.zeros(len(wanted), np.bool_)
    for chunk in chunks(options.corpus):
        theirs = np.unique(hash_runs(chunk, size))
        met |= np.isin(wanted, theirs, assume_unique=True)
    spans = [
        (span, name)
        for (name, text), mine in zip(own, hashes, strict=True)
        for span in shared_spans(text, np.isin(mine, wanted[met]), size)
    ]
    for span, name in sorted(spans, key=lambda pair: -len(pair[0])):
        print(f"{len(span)}  {name}  {span}")
    print(f"{len(own)} own articles; {len(spans)} spans over {options.over} characters shared with the corpus")


if __name__ == "__main__":
    main()
