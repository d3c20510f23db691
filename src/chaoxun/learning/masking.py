"""Blocks of token ids to masked-language-model batches, every draw a function of (seed, step) alone.

Because nothing is remembered between steps, a run stopped at step n and resumed sees exactly what an undisturbed
run would have seen.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK_TOKENS = 510
"""Tokens of one block of the packed corpus: one sequence of 512 with its [CLS] and [SEP], or four of 128."""
_SHORT_TOKENS = 126
_SHORTS_PER_BLOCK = 4
# Masked spans are 1 to 4 characters long, the lengths of nearly all Chinese words, short ones oftener than in SpanBERT
# (Joshi et al. 2020, arXiv:1907.10529): with 30 % of spans longer than two a network this small stayed on the level of
# character counts (13 % right) for its first million and a half of tokens.
_SPAN_SHARES = (0.7, 0.2, 0.07, 0.03)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedBatch:
    """Sequences with some tokens hidden."""

    input_ids: NDArray[np.int64]
    """(n_sequences, length), [CLS] first, [SEP] last, no padding."""
    positions: NDArray[np.int64]
    """(n_masked,) indices into input_ids flattened."""
    targets: NDArray[np.int64]
    """(n_masked,) the hidden token ids."""
    blocks: NDArray[np.intp]
    """(n_sequences,) the block of the corpus that each sequence was cut from; empty where that was not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialIds:
    """Token ids the masking needs to know."""

    cls: int
    sep: int
    mask: int
    n_specials: int
    """Ids below this are special: never masked, never drawn as noise."""
    vocabulary_size: int


def block_order(n_blocks: int, *, seed: int, epoch: int) -> NDArray[np.int64]:
    """(n_blocks,) the order in which an epoch visits the blocks of the corpus."""
    return np.random.default_rng((seed, 1, epoch)).permutation(n_blocks)


def blocks_of_step(n_blocks: int, *, step: int, per_step: int, seed: int) -> NDArray[np.int64]:
    """(per_step,) indices of the blocks that step `step` (from 0) reads; epochs follow each other without a gap."""
    wanted = np.arange(step * per_step, (step + 1) * per_step)
    epochs = wanted // n_blocks
    orders = {int(epoch): block_order(n_blocks, seed=seed, epoch=int(epoch)) for epoch in np.unique(epochs)}
    return np.array([orders[int(epoch)][at % n_blocks] for epoch, at in zip(epochs, wanted, strict=True)])


def cut_blocks(blocks: NDArray[np.int64], *, long: bool, ids: SpecialIds) -> NDArray[np.int64]:
    """(n, 512) or (4 n, 128) sequences with [CLS] and [SEP] from (n, 510) blocks; short ones drop a block's last 6."""
    if not long:
        blocks = blocks[:, : _SHORT_TOKENS * _SHORTS_PER_BLOCK].reshape(-1, _SHORT_TOKENS)
    n = len(blocks)
    return np.concatenate([np.full((n, 1), ids.cls), blocks, np.full((n, 1), ids.sep)], axis=1).astype(np.int64)


def mask_sequences(
    sequences: NDArray[np.int64], *, share: float, ids: SpecialIds, rng: np.random.Generator,
    blocks: NDArray[np.intp] | None = None,
) -> MaskedBatch:  # fmt: skip
    """`sequences` with about `share` of their ordinary tokens hidden in spans of 1-4.

    Of the hidden tokens 80 % become [MASK], 10 % a random token, 10 % stay (Devlin et al. 2019, arXiv:1810.04805).
    """
    n, length = sequences.shape
    hidden = np.zeros((n, length + len(_SPAN_SHARES)), dtype=bool)
    mean_span = sum(size * part for size, part in enumerate(_SPAN_SHARES, 1))
    starts = rng.random((n, length)) < share / mean_span * (1 + share / 2)  # overlapping spans are made up for
    sizes = rng.choice(np.arange(1, len(_SPAN_SHARES) + 1), size=(n, length), p=_SPAN_SHARES)
    for offset in range(len(_SPAN_SHARES)):
        hidden[:, offset : offset + length] |= starts & (sizes > offset)
    hidden = hidden[:, :length] & (sequences >= ids.n_specials)
    positions = np.flatnonzero(hidden)
    flat = sequences.reshape(-1)
    targets = flat[positions].copy()
    dice = rng.random(len(positions))
    noise = rng.integers(ids.n_specials, ids.vocabulary_size, len(positions))
    shown = np.where(dice < 0.8, ids.mask, np.where(dice < 0.9, noise, targets))
    masked = flat.copy()
    masked[positions] = shown
    origins = np.zeros(0, dtype=np.intp) if blocks is None else blocks
    return MaskedBatch(input_ids=masked.reshape(n, length), positions=positions, targets=targets, blocks=origins)


def draw_batch(
    corpus: NDArray[np.uint16], *, step: int, blocks_per_step: int, long_share: float, mask_share: float,
    ids: SpecialIds, seed: int,
) -> MaskedBatch:  # fmt: skip
    """The batch of step `step`: `blocks_per_step` blocks of the packed corpus, cut long or short, masked.

    corpus: (n_blocks, 510) token ids.  long_share: share of steps with sequences of 512 instead of 128.
    """
    rng = np.random.default_rng((seed, 2, step))
    chosen = np.sort(blocks_of_step(len(corpus), step=step, per_step=blocks_per_step, seed=seed))
    sequences = cut_blocks(corpus[chosen].astype(np.int64), long=bool(rng.random() < long_share), ids=ids)
    origins = np.repeat(chosen, len(sequences) // len(chosen))
    return mask_sequences(sequences, share=mask_share, ids=ids, rng=rng, blocks=origins)
