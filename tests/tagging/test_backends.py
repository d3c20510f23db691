"""One contract over the whole table of backends: a new row is tested without anyone remembering."""

import numpy as np
import pytest

from chaoxun.errors import UsageError
from chaoxun.records import Article
from chaoxun.tagging.backends import BACKENDS, open_backend
from chaoxun.tagging.windows import cut_windows

TEXTS = [
    "",
    "工会办了招聘会，来了八百人。" * 40,
    "一。",
    "職工技能競賽 AI 2.0\n\u0000\u202e\U0001f600",
    "Open Day 2021年 " * 30,
]


@pytest.fixture(params=list(BACKENDS))
def backend(request, tiny_release):
    return open_backend(request.param, folder=tiny_release, device="cpu")


def windows_of(backend):
    articles = [
        Article(id=str(n), page_number=None, headline="标题", paragraphs=(text,)) for n, text in enumerate(TEXTS)
    ]
    return cut_windows(articles, backend)


def test_scores_are_probabilities_one_row_a_window_and_one_column_a_label(backend):
    windows = windows_of(backend)
    values = backend.score(windows)
    assert values.shape == (len(windows), len(backend.label_ids))
    assert values.dtype == np.float32
    assert ((values >= 0) & (values <= 1)).all()


def test_a_window_scores_the_same_alone_and_in_a_batch(backend):
    windows = windows_of(backend)
    alone = np.concatenate([backend.score([window]) for window in windows])
    np.testing.assert_allclose(backend.score(windows), alone, atol=1e-5)


def test_tokens_begin_at_ascending_characters(backend):
    for text, encoded in zip(TEXTS, backend.encode(TEXTS), strict=True):
        assert len(encoded.starts) == len(encoded.token_ids)
        assert list(encoded.starts) == sorted(encoded.starts)
        assert all(0 <= start < len(text) for start in encoded.starts)


def test_nothing_to_score_gives_no_rows(backend):
    assert backend.score([]).shape == (0, len(backend.label_ids))
    assert backend.encode([]) == []


def test_windows_fit_the_model(backend):
    assert all(len(window.token_ids) <= backend.max_tokens for window in windows_of(backend))


def test_an_unknown_backend_is_named_with_those_there_are():
    with pytest.raises(UsageError, match="torch"):
        open_backend("abacus", folder=None, device="cpu")
