import numpy as np
import pytest

from chaoxun.tagging.pooling import pool_windows


def test_the_highest_window_decides_label_by_label():
    pooled = pool_windows(np.array([[0.2, 0.9], [0.7, 0.1]], dtype=np.float32), np.array([0, 0]), n_articles=1)
    assert pooled.tolist() == [[pytest.approx(0.7), pytest.approx(0.9)]]


def test_an_article_without_windows_gets_zeros():
    pooled = pool_windows(np.array([[0.5]], dtype=np.float32), np.array([1]), n_articles=3)
    assert pooled.tolist() == [[0], [0.5], [0]]


def test_a_nan_is_never_hidden_by_a_better_window():
    pooled = pool_windows(np.array([[np.nan], [0.9]], dtype=np.float32), np.array([0, 0]), n_articles=1)
    assert np.isnan(pooled).all()


def test_owners_out_of_order_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        pool_windows(np.zeros((2, 1), dtype=np.float32), np.array([1, 0]), n_articles=2)
