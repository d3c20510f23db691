from hypothesis import given, settings
from hypothesis import strategies as st

from chaoxun.tagging.batches import plan_batches


def test_windows_of_similar_length_share_a_batch():
    assert plan_batches([5, 90, 6], token_budget=100) == [[0, 2], [1]]


def test_a_window_longer_than_the_budget_is_a_batch_of_its_own():
    assert plan_batches([500, 3], token_budget=100) == [[1], [0]]


@settings(max_examples=60)
@given(st.lists(st.integers(min_value=1, max_value=600), max_size=80))
def test_every_window_is_in_one_batch_and_no_batch_exceeds_the_budget(lengths):
    batches = plan_batches(lengths, token_budget=512)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    assert all(len(b) == 1 or len(b) * max(lengths[i] for i in b) <= 512 for b in batches)
