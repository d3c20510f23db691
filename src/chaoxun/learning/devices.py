"""Where networks are trained, and in which precision: the one place that asks what the machine can do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def prepare_device(seed: int) -> "torch.device":
    """The GPU, if there is one, else the CPU, with torch's random numbers started from `seed`."""
    import torch

    torch.manual_seed(seed)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@contextmanager
def denormals_flushed() -> Iterator[None]:
    """A context in which numbers too small for a normal float count as zero.

    Momentum of rare tokens fades into such numbers, which CPUs multiply a hundred times slower: measured, a run lost two
    thirds of its speed within a thousand steps.  To be entered before torch starts its threads, which inherit it; left
    again, because it holds for the whole process.
    """
    import torch

    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def autocast(device: "torch.device") -> "torch.autocast":
    """A context in which products are computed in bf16 where that is fast.

    That is on GPUs and on CPUs with AVX-512 BF16 (Zen 4, Sapphire Rapids), where training takes half the time; elsewhere it
    would be emulated, a hundred times slower, so the context does nothing.
    """
    import torch

    is_fast = device.type == "cuda" or bool(torch.cpu._is_avx512_bf16_supported())
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=is_fast)
