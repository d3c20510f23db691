import numpy as np
import pytest

from chaoxun.learning.masking import SpecialIds, blocks_of_step, cut_blocks, draw_batch, mask_sequences

IDS = SpecialIds(cls=2, sep=3, mask=4, n_specials=5, vocabulary_size=1000)


def make_corpus(n_blocks=40):
    return np.random.default_rng(0).integers(5, 1000, (n_blocks, 510)).astype(np.uint16)


def test_an_epoch_reads_every_block_once_and_the_next_one_in_another_order():
    first = np.concatenate([blocks_of_step(40, step=s, per_step=8, seed=1) for s in range(5)])
    second = np.concatenate([blocks_of_step(40, step=s, per_step=8, seed=1) for s in range(5, 10)])
    assert sorted(first) == sorted(second) == list(range(40))
    assert first.tolist() != second.tolist()


@pytest.mark.parametrize(("long", "shape"), [(True, (3, 512)), (False, (12, 128))])
def test_sequences_are_full_and_begin_and_end_with_special_tokens(long, shape):
    sequences = cut_blocks(make_corpus(3).astype(np.int64), long=long, ids=IDS)
    assert sequences.shape == shape
    assert (sequences[:, 0] == 2).all()
    assert (sequences[:, -1] == 3).all()


def test_about_the_share_asked_for_is_hidden_and_special_tokens_never():
    sequences = cut_blocks(make_corpus().astype(np.int64), long=False, ids=IDS)
    batch = mask_sequences(sequences, share=0.2, ids=IDS, rng=np.random.default_rng(1))
    assert 0.17 < len(batch.targets) / sequences.size < 0.23
    assert (batch.targets >= IDS.n_specials).all()
    assert (sequences.reshape(-1)[batch.positions] == batch.targets).all()


def test_hidden_tokens_come_in_spans():
    sequences = cut_blocks(make_corpus().astype(np.int64), long=True, ids=IDS)
    batch = mask_sequences(sequences, share=0.15, ids=IDS, rng=np.random.default_rng(1))
    neighbours = (np.diff(batch.positions) == 1).mean()
    assert neighbours > 0.25  # single tokens drawn alone would have 0.15


def test_most_hidden_tokens_show_the_mask_some_noise_some_themselves():
    sequences = cut_blocks(make_corpus().astype(np.int64), long=False, ids=IDS)
    batch = mask_sequences(sequences, share=0.2, ids=IDS, rng=np.random.default_rng(1))
    shown = batch.input_ids.reshape(-1)[batch.positions]
    assert (shown == IDS.mask).mean() == pytest.approx(0.8, abs=0.05)
    assert (shown == batch.targets).mean() == pytest.approx(0.1, abs=0.05)


def test_a_step_draws_the_same_batch_whenever_it_is_asked():
    a, b = (
        draw_batch(make_corpus(), step=7, blocks_per_step=4, long_share=0.5, mask_share=0.2, ids=IDS, seed=3)
        for _ in range(2)
    )
    assert (a.input_ids == b.input_ids).all()
    assert (a.positions == b.positions).all()
