"""Figures on encodings: how many pieces of Chinese text are read exactly, by encoding and length, and with damage.

    python benchmarks/encodings.py [--texts FILE.jsonl[.zst]] [-n 1000] [--others 100]

Without --texts the pieces come from the pages under examples/.  Compared with charset-normalizer where that is
installed, and with trying UTF-8, GB18030 and Big5 in that order.
"""

import argparse
import difflib
import itertools
import random
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from chaoxun.cleaning.characters import simplify
from chaoxun.errors import InputError
from chaoxun.learning.corpus import read_corpus
from chaoxun.reading.decoding import decode

LENGTHS = (4, 8, 16, 50, 100, 200, 500, 2000)
CASES = (
    "utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "cp950", "utf-16", "utf-16-le", "utf-16-be",
)  # fmt: skip
TRADITIONAL_CASES = ("gb18030", "utf-16-le", "utf-16-be")
TAIWANESE = ("big5", "cp950")
NOISE = 0.005  # share of bytes replaced by a random one: the damage of reliability goal G7
SILENT = 0.5  # under this share of right characters and without a flag a reading is silent mojibake
SEED = 20210122

Decoder = Callable[[bytes], tuple[str, bool]]


def main() -> None:
    """Print the tables."""
    arguments = _arguments()
    texts = _texts(arguments.texts)
    print(f"{len(texts)} texts, seed {SEED}")
    for name, read in _decoders().items():
        n = arguments.n if read is ours else min(arguments.n, arguments.others)
        print_exact(name, read, texts=texts, n=n)
        print_damage(name, read, texts=texts, n=n)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="JSONL file with a `text` a line, plain or .zst")
    parser.add_argument("-n", type=int, default=1000, help="pieces a case and length")
    parser.add_argument("--others", type=int, default=100, help="pieces for what is compared, which is slower")
    return parser.parse_args()


def _texts(path: Path | None) -> list[str]:
    """Simplified texts: every 60th article of a corpus, or the pages under examples/."""
    if path is not None:
        return [article.text for article in itertools.islice(read_corpus([path]), 0, 120_000, 60)]
    pages = sorted((Path(__file__).parents[1] / "examples").rglob("*.txt"))
    texts = [simplify(decode(page.read_bytes()).text) for page in pages]
    return texts or sys.exit("no pages under examples/: give --texts")


def _decoders() -> dict[str, Decoder]:
    decoders: dict[str, Decoder] = {"chaoxun": ours, "naive order": naive}
    try:
        import charset_normalizer
    except ImportError:
        return decoders

    def other(data: bytes) -> tuple[str, bool]:
        best = charset_normalizer.from_bytes(data).best()
        return (str(best), False) if best else ("", True)

    return decoders | {"charset-normalizer": other}


def ours(data: bytes) -> tuple[str, bool]:
    """Text and damage flag as chaoxun reads `data`; a refusal counts as flagged."""
    try:
        read = decode(data)
    except InputError:
        return "", True
    return read.text, read.is_damaged


def naive(data: bytes) -> tuple[str, bool]:
    """Text and damage flag as the usual chain of trials reads `data`."""
    for encoding in ("utf-8-sig", "gb18030", "big5", "utf-16"):
        try:
            return data.decode(encoding), False
        except UnicodeDecodeError:
            continue
    return "", True


def print_exact(name: str, read: Decoder, *, texts: Sequence[str], n: int) -> None:
    """Print the share of pieces read exactly, one row a case and one column a length."""
    n_right, n_all, n_silent = dict.fromkeys(LENGTHS, 0), dict.fromkeys(LENGTHS, 0), 0
    print(
        f"\n{name}: exact of {n} pieces a case and length, %\n{'':24}" + "".join(f"{length:>8}" for length in LENGTHS)
    )
    cases = [(case, case.startswith(TAIWANESE)) for case in CASES] + [(case, True) for case in TRADITIONAL_CASES]
    for case, is_traditional in cases:
        row = []
        for length in LENGTHS:
            right = 0
            for piece in pieces(texts, length=length, n=n, encoding=case, is_traditional=is_traditional):
                text, is_flagged = read(piece.encode(case))
                right += text == piece
                n_silent += text != piece and not is_flagged and share_right(text, piece) < SILENT
            row.append(100 * right / n)
            n_right[length] += right
            n_all[length] += n
        print(f"{case + (' traditional' if is_traditional else ''):24}" + "".join(f"{value:8.1f}" for value in row))
    print(f"{'all':24}" + "".join(f"{100 * n_right[length] / n_all[length]:8.2f}" for length in LENGTHS))
    print(f"silent mojibake, undamaged: {n_silent} of {sum(n_all.values())}")


def print_damage(name: str, read: Decoder, *, texts: Sequence[str], n: int) -> None:
    """Print how often a damaged piece comes out as mojibake without a flag."""
    counts = {case: sum(silent_cases(read, texts=texts, n=n, case=case)) for case in CASES}
    share = sum(counts.values()) / n / len(CASES)
    print(f"silent mojibake, {NOISE:.1%} of the bytes changed, {n} pieces of 200 a case: {share:.3%}  {counts}")


def silent_cases(read: Decoder, *, texts: Sequence[str], n: int, case: str) -> list[bool]:
    """For each piece with noise: is it read wrongly and without a flag."""
    chance = random.Random(SEED)
    found = []
    for piece in pieces(texts, length=200, n=n, encoding=case, is_traditional=case.startswith(TAIWANESE)):
        data = bytes(chance.randrange(256) if chance.random() < NOISE else byte for byte in piece.encode(case))
        text, is_flagged = read(data)
        found.append(not is_flagged and share_right(text, piece) < SILENT)
    return found


def pieces(texts: Sequence[str], *, length: int, n: int, encoding: str, is_traditional: bool) -> list[str]:
    """`n` pieces of `length` characters, each with a Han character, cut anywhere; what has no code is left out."""
    chance = random.Random(f"{SEED} {length} {encoding}")
    found: list[str] = []
    while len(found) < n:
        text = chance.choice(texts)
        if len(text) < length and length > min(map(len, texts)):
            text = text * (length // max(1, len(text)) + 1)
        start = chance.randrange(max(1, len(text) - length))
        rough = text[start : start + 2 * length]
        if is_traditional:
            rough = rough.translate(_traditional_table())
        piece = rough.encode(encoding, "ignore").decode(encoding)[:length]
        if any("\u4e00" <= character <= "\u9fff" for character in piece):
            found.append(piece)
    return found


@cache
def _traditional_table() -> dict[int, str]:
    """Each simplified character to a traditional form that Big5 holds."""
    unified = "".join(map(chr, range(0x4E00, 0xA000))).encode("big5", "ignore").decode("big5")
    return {ord(new): old for old, new in zip(unified, simplify(unified), strict=True) if old != new}


def share_right(text: str, expected: str) -> float:
    """The share of `expected` that stands in `text` in the same order."""
    blocks = difflib.SequenceMatcher(None, expected, text, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(1, len(expected))


if __name__ == "__main__":
    main()
