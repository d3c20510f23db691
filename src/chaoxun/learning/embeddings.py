"""A packed corpus to starting values for token embeddings: which tokens keep which company.

A network that starts from random embeddings spends its first millions of tokens finding out which characters occur
together; counting tells it in seconds.  Positive pointwise mutual information, factored (Levy & Goldberg 2014,
"Neural word embedding as implicit matrix factorization", NeurIPS 27).
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Company is kept within 5 tokens to either side, nearer ones counting more (1/distance), as in GloVe.
_REACH = 5
# Twenty million tokens settle every count that matters; more only takes longer.
_MAX_BLOCKS = 40_000
# Context counts to the power 0.75 (Levy, Goldberg & Dagan 2015): keeps rare tokens from looking informative.
_CONTEXT_SMOOTHING = 0.75


def embeddings_from_company(
    blocks: NDArray[np.uint16], *, vocabulary_size: int, dimensions: int, scale: float, seed: int
) -> NDArray[np.float32]:
    """(vocabulary_size, dimensions) float32 with standard deviation `scale`; zeros for a token never seen.

    blocks: (n_blocks, n_tokens) token ids.
    """
    from scipy.sparse import csr_matrix
    from sklearn.utils.extmath import randomized_svd

    counts = np.zeros(vocabulary_size * vocabulary_size, dtype=np.float32)
    ids = blocks[:_MAX_BLOCKS].astype(np.int64)
    for distance in range(1, _REACH + 1):
        pairs = (ids[:, :-distance] * vocabulary_size + ids[:, distance:]).reshape(-1)
        counts += np.bincount(pairs, minlength=len(counts)).astype(np.float32) / distance
    table = counts.reshape(vocabulary_size, vocabulary_size)
    company = csr_matrix(table)
    company = company + company.T
    factors, strengths, _ = randomized_svd(_positive_pmi(company), dimensions, n_iter=3, random_state=seed)
    found = factors * np.sqrt(strengths)
    # The right scale for the sum with position embeddings is set by the caller; shape is what counting knows.
    values: NDArray[np.float32] = (found * (scale / max(float(found.std()), 1e-12))).astype(np.float32)
    return values


def _positive_pmi(company: "csr_matrix") -> "csr_matrix":
    """max(0, log(p(a, b) / (p(a) p'(b)))), p' smoothed, over the pairs that were met."""
    total = company.sum()
    rows = np.asarray(company.sum(axis=1)).ravel()
    smoothed = rows**_CONTEXT_SMOOTHING
    context = smoothed / smoothed.sum()
    pairs = company.tocoo()
    pairs.data = np.maximum(
        0.0, np.log(pairs.data / total) - np.log(rows[pairs.row] / total) - np.log(context[pairs.col])
    ).astype(np.float32)
    return pairs.tocsr()
