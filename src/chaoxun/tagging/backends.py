"""What a backend is, and the table of them: strings, imported when chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chaoxun.errors import UsageError
from chaoxun.language import say
from chaoxun.records import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A text as a backend sees it."""

    token_ids: tuple[int, ...]
    """Without special tokens."""
    starts: tuple[int, ...]
    """The character of the text at which each token begins, ascending."""


class Encoder(Protocol):
    """Texts to token ids: all that cutting windows needs to know of a model."""

    max_tokens: int
    """Tokens of the longest window, special ones included."""
    opening: tuple[int, ...]
    """Token ids that begin a window."""
    closing: tuple[int, ...]
    """Token ids after the title and after the text."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """One `Encoded` a text, whatever characters it holds."""
        ...


class Backend(Encoder, Protocol):
    """Windows to probabilities; loaded once, then only called."""

    label_ids: tuple[str, ...]

    def score(self, windows: Sequence[Window]) -> "NDArray[np.float32]":
        """(n_windows, n_labels) probabilities in [0, 1]; the same for a window alone and in a batch, to 1e-5."""
        ...


BACKENDS = {
    "torch": "chaoxun.tagging.torch_backend:TorchBackend",
    "keywords": "chaoxun.tagging.keywords:KeywordBackend",
}


def open_backend(name: str, *, folder: Path | None, device: str) -> Backend:
    """The backend of that name over the release in `folder` (None: it needs none).  Raises UsageError for another name."""
    if name not in BACKENDS:
        raise UsageError(
            what=say(en=f"no backend {name!r}", zh=f"没有名为 {name!r} 的后端"),
            advice=say(en=f"known are {', '.join(BACKENDS)}", zh=f"可用的有 {'、'.join(BACKENDS)}"),
        )
    module, kind = BACKENDS[name].split(":")
    backend: Backend = getattr(import_module(module), kind)(folder=folder, device=device)
    return backend
