import numpy as np
import pytest

from chaoxun.learning.gist import Gists

# Tokens 0-9 belong to one subject, 10-19 to another, 20-24 stand everywhere.
RNG = np.random.default_rng(5)
VECTORS = RNG.normal(size=(25, 8)).astype(np.float32) * 0.1
VECTORS[:10, 0] += 1
VECTORS[10:20, 1] += 1
VECTORS[20:, 2] += 1
ABOUT = np.repeat([0, 1], 200)
BLOCKS = np.where(
    RNG.random((400, 60)) < 0.6, RNG.integers(20, 25, (400, 60)), ABOUT[:, None] * 10 + RNG.integers(0, 10, (400, 60))
).astype(np.uint16)


def test_blocks_about_the_same_have_like_gists_and_those_about_something_else_have_not():
    gists = Gists(BLOCKS, VECTORS).of(np.arange(400))
    likeness = gists @ gists.T
    same = likeness[ABOUT[:, None] == ABOUT[None, :]].mean()
    other = likeness[ABOUT[:, None] != ABOUT[None, :]].mean()
    assert same > 0.3
    assert other < -0.3


def test_gists_have_length_one_and_do_not_depend_on_the_company_they_are_asked_in():
    gists = Gists(BLOCKS, VECTORS)
    together = gists.of(np.arange(10))
    assert together.shape == (10, gists.dimensions)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.allclose(together[3], gists.of(np.array([3]))[0], atol=1e-6)


def test_a_block_whose_tokens_were_never_counted_gets_no_direction_from_them():
    vectors = np.vstack([VECTORS, np.zeros((1, 8), dtype=np.float32)])
    blocks = np.vstack([BLOCKS, np.full((1, 60), 25)]).astype(np.uint16)
    assert np.isfinite(Gists(blocks, vectors).of(np.array([400]))).all()
