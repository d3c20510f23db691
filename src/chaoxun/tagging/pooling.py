"""Window scores to article scores."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def pool_windows(
    values: "NDArray[np.float32]", owners: "NDArray[np.intp]", *, n_articles: int
) -> "NDArray[np.float32]":
    """Article scores: the highest window score of each label, because one paragraph of a round-up is enough.

    values: (n_windows, n_labels) float32 in [0, 1].  owners: (n_windows,) int, the article of each window, ascending.
    Returns (n_articles, n_labels) float32; an article without windows gets zeros.
    Raises ValueError if owners is not ascending.

    Example: values=[[.2, .9], [.7, .1]], owners=[0, 0] -> [[.7, .9]]
    """
    import numpy as np

    if len(owners) > 1 and (owners[1:] < owners[:-1]).any():
        raise ValueError("owners must ascend")
    pooled = np.zeros((n_articles, values.shape[1]), dtype=np.float32)
    if len(values):
        # fmax would hide a NaN; maximum passes it on to the check that refuses it.
        np.maximum.at(pooled, owners, values)
    return pooled
