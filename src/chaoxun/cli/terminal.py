"""What a terminal can show and read: streams that never fail on a character, no control codes, quoting, widths."""

import io
import os
import shlex
import sys
import unicodedata
from typing import TextIO

# Bidirectional overrides and isolates: in a terminal they can make a line read as something else.
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def prepare_streams() -> None:
    """Makes both standard streams accept any character: pipes and files in UTF-8, terminals in their own encoding.

    What cannot be encoded is written as `\\udc80`, which inside a JSON string is the right escape for it.
    """
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _open_closed_streams() -> None:
    """Opens the standard streams that the process was started without (`>&-`), where Python has None.

    Standard output becomes a pipe that nobody reads: what is written there is lost, and the exit code says so.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is not None:
            continue
        nowhere = _unread_pipe() if name == "stdout" else os.open(os.devnull, os.O_RDWR)
        # On its own number, which would go to the next file opened, the store, and be written to by any library.
        os.dup2(nowhere, number)
        if nowhere != number:
            os.close(nowhere)
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _unread_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def printable(text: str) -> str:
    """`text` with U+FFFD for every character that would steer a terminal instead of being shown.

    Example: "\\x1b[31m红" -> "\\ufffd[31m红"
    """
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") or c in _BIDI else c for c in text)


def shell_word(word: str) -> str:
    """`word` as it is typed in a shell: in quotes wherever the shell would read something else.

    Example: "a b.txt" -> "'a b.txt'", on Windows "\"a b.txt\""
    """
    quoted = shlex.quote(word)
    if quoted == word or os.name != "nt":
        return quoted
    return f'"{word}"'


def width(text: str) -> int:
    """Columns that `text` takes in a terminal: two for each wide character.

    Example: "本报讯 12" -> 9
    """
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def shorten(text: str, *, columns: int) -> str:
    """The start of `text` that fits in so many columns, with an ellipsis when something was cut."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return kept + "…"


def is_terminal(stream: TextIO) -> bool:
    """True when a person reads the stream as it is written."""
    return stream.isatty()
