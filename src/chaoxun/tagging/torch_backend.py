"""The torch backend: a fine-tuned BERT of a release folder, in the layout that transformers loads."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chaoxun.errors import ReleaseInvalid, ServiceUnavailable
from chaoxun.language import say
from chaoxun.records import Window
from chaoxun.tagging.backends import Encoded
from chaoxun.tagging.batches import plan_batches

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray


class PieceEncoder:
    """Texts to the pieces of the tokenizer in a release or encoder folder."""

    def __init__(self, folder: Path, *, max_tokens: int | None = None) -> None:
        """Reads the tokenizer from `folder` and from nowhere else.  max_tokens: of a window; the model's own if None."""
        from transformers import AutoTokenizer

        silence_transformers()
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        self.max_tokens = max_tokens or int(self.tokenizer.model_max_length)
        self.opening: tuple[int, ...] = (int(self.tokenizer.cls_token_id),)
        self.closing: tuple[int, ...] = (int(self.tokenizer.sep_token_id),)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """The pieces of each text and where they begin."""
        if not texts:
            return []
        found = self.tokenizer(
            list(texts), add_special_tokens=False, return_offsets_mapping=True, return_attention_mask=False,
            verbose=False,
        )  # fmt: skip
        return [
            Encoded(token_ids=tuple(ids), starts=tuple(start for start, _ in offsets))
            for ids, offsets in zip(found["input_ids"], found["offset_mapping"], strict=True)
        ]

    def padded(self, windows: Sequence[Window]) -> "tuple[torch.Tensor, torch.Tensor]":
        """(n_windows, longest) token ids and the mask of those that are no padding."""
        import torch

        longest = max(len(window.token_ids) for window in windows)
        ids = torch.full((len(windows), longest), int(self.tokenizer.pad_token_id), dtype=torch.long)
        mask = torch.zeros((len(windows), longest), dtype=torch.long)
        for row, window in enumerate(windows):
            ids[row, : len(window.token_ids)] = torch.tensor(window.token_ids)
            mask[row, : len(window.token_ids)] = 1
        return ids, mask


class TorchBackend(PieceEncoder):
    """Scores windows with a `BertForSequenceClassification` (or any like it) under sigmoid."""

    def __init__(self, *, folder: Path | None, device: str = "auto", max_tokens: int | None = None) -> None:
        """Loads weights and tokenizer from `folder`, from there alone and without running code that lies in it."""
        import torch
        from transformers import AutoModelForSequenceClassification

        if folder is None:
            raise ReleaseInvalid(what=say(en="the torch backend needs a release", zh="torch 后端需要一个模型版本"))
        super().__init__(folder, max_tokens=max_tokens)
        self._device = torch.device(_pick_device(device))
        self._model = AutoModelForSequenceClassification.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
        )
        self._model.to(self._device).eval()
        names = self._model.config.id2label
        self.label_ids = tuple(str(names[column]) for column in range(self._model.config.num_labels))

    def score(self, windows: Sequence[Window]) -> "NDArray[np.float32]":
        """(n_windows, n_labels) probabilities."""
        import torch

        return torch.sigmoid(torch.from_numpy(self.logits(windows))).numpy()

    def logits(self, windows: Sequence[Window]) -> "NDArray[np.float32]":
        """(n_windows, n_labels) before the sigmoid."""
        import numpy as np
        import torch

        values = np.zeros((len(windows), len(self.label_ids)), dtype=np.float32)
        with torch.inference_mode():
            for batch in plan_batches([len(window.token_ids) for window in windows]):
                ids, mask = (part.to(self._device) for part in self.padded([windows[index] for index in batch]))
                values[batch] = self._model(input_ids=ids, attention_mask=mask).logits.float().cpu().numpy()
        return values


def silence_transformers() -> None:
    """Turns off the progress bars and loading reports of transformers: what matters of them we check and say."""
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def _pick_device(device: str) -> str:
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        raise ServiceUnavailable(
            what=say(en="no CUDA device here", zh="这台电脑上没有可用的 CUDA 设备"),
            advice=say(en="use --device cpu or auto", zh="请改用 --device cpu 或 auto"),
        )
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return device


def describe_device() -> str:
    """Where `auto` runs a model on this machine, and with how many threads.

    Example: "cpu, 2 threads" or "cuda (NVIDIA H200)"
    """
    import torch

    if torch.cuda.is_available():
        return f"cuda ({torch.cuda.get_device_name()})"
    return f"cpu, {torch.get_num_threads()} threads"
