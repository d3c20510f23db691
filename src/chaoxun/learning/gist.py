"""Blocks of token ids to what they are about: a vector each, that the [CLS] of a sequence learns to foretell.

A masked language model never asks its [CLS] for anything, so a classifier that starts there has to learn to gather a
text into one vector from a few hundred labelled articles.  Here it learns it from all unlabelled ones: the target is
the mean of the token vectors that counting finds (embeddings.py), common tokens counting less and the direction that
all texts share taken out (Arora, Liang & Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings").
Each sequence foretells the vector of its whole block, three quarters of which it does not see, so it has to learn what
goes together and not only what stands there.
"""

import numpy as np
from numpy.typing import NDArray

# A token of this relative frequency counts half; the value of the paper.
_HALF_WEIGHT_FREQUENCY = 1e-3
# Blocks from which frequencies and the common direction are taken.
_SAMPLE_BLOCKS = 20_000


class Gists:
    """The gist vectors of the blocks of one corpus."""

    def __init__(self, corpus: NDArray[np.uint16], token_vectors: NDArray[np.float32]) -> None:
        """corpus: (n_blocks, n_tokens) token ids.  token_vectors: (vocabulary_size, dimensions)."""
        self._corpus = corpus
        sample = corpus[:_SAMPLE_BLOCKS]
        counts = np.bincount(sample.reshape(-1), minlength=len(token_vectors))
        weights = _HALF_WEIGHT_FREQUENCY / (_HALF_WEIGHT_FREQUENCY + counts / max(1, counts.sum()))
        # Rows of very different length would make a mean of the few longest.
        lengths = np.linalg.norm(token_vectors, axis=1, keepdims=True)
        self._table = (token_vectors / np.maximum(lengths, 1e-12) * weights[:, None]).astype(np.float32)
        _, _, directions = np.linalg.svd(self._means(sample[:: max(1, len(sample) // 2_000)]), full_matrices=False)
        self._common = directions[:1]

    @property
    def dimensions(self) -> int:
        """The length of a gist vector."""
        return int(self._table.shape[1])

    def of(self, blocks: NDArray[np.intp]) -> NDArray[np.float32]:
        """(n, dimensions) vectors of length 1, of the blocks with these indices; zero for a block of unknown tokens."""
        means = self._means(self._corpus[blocks])
        rest = means - means @ self._common.T @ self._common
        values: NDArray[np.float32] = rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-12)
        return values

    def _means(self, blocks: NDArray[np.uint16]) -> NDArray[np.float32]:
        means: NDArray[np.float32] = np.stack([self._table[block].mean(axis=0) for block in blocks])
        return means
