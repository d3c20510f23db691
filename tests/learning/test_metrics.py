import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from chaoxun.learning.metrics import average_precision, calibration_error, measure
from chaoxun.learning.thresholds import fit_thresholds


def draw(seed=0, n=200):
    rng = np.random.default_rng(seed)
    targets = (rng.random((n, 3)) < 0.2).astype(np.float32)
    scores = np.clip(targets * 0.4 + rng.random((n, 3)) * 0.6, 0, 1).astype(np.float32)
    counted = (rng.random((n, 3)) < 0.9).astype(np.float32)
    return scores, targets, counted


def test_figures_agree_with_scikit_learn_over_the_counted_decisions():
    scores, targets, counted = draw()
    figures = measure(scores, targets, counted, label_ids=["a", "b", "c"], thresholds={"a": 0.5, "b": 0.4, "c": 0.6})
    for column, (label, threshold) in enumerate({"a": 0.5, "b": 0.4, "c": 0.6}.items()):
        keep = counted[:, column] > 0
        truth, given = targets[keep, column], scores[keep, column] >= threshold
        found = figures.labels[label]
        assert found.precision == pytest.approx(precision_score(truth, given))
        assert found.recall == pytest.approx(recall_score(truth, given))
        assert found.f1 == pytest.approx(f1_score(truth, given))
        assert found.average_precision == pytest.approx(average_precision_score(truth, scores[keep, column]), abs=1e-6)
    assert figures.macro_f1 == pytest.approx(np.mean([f.f1 for f in figures.labels.values()]))


def test_an_unsure_decision_changes_no_figure():
    scores, targets, counted = draw()
    changed = np.where(counted > 0, scores, 1 - scores)
    arguments = {"label_ids": ["a", "b", "c"], "thresholds": dict.fromkeys("abc", 0.5)}
    assert measure(scores, targets, counted, **arguments) == measure(changed, targets, counted, **arguments)


def test_a_label_that_nobody_has_is_left_out_of_the_macro_average():
    scores = np.array([[0.9, 0.1], [0.1, 0.9]], dtype=np.float32)
    targets = np.array([[1, 0], [0, 0]], dtype=np.float32)
    figures = measure(scores, targets, np.ones((2, 2)), label_ids=["a", "b"], thresholds={"a": 0.5, "b": 0.5})
    assert figures.macro_f1 == 1.0
    assert figures.labels["b"].precision == 0.0


def test_average_precision_without_a_true_article_is_zero():
    assert average_precision(np.zeros(3, dtype=bool), np.array([0.1, 0.5, 0.2], dtype=np.float32)) == 0


def test_calibration_error_is_the_gap_between_promise_and_truth():
    scores = np.full(100, 0.75, dtype=np.float32)
    assert calibration_error(scores, (np.arange(100) < 75).astype(np.float32)) == pytest.approx(0)
    assert calibration_error(scores, np.zeros(100, dtype=np.float32)) == pytest.approx(0.75)


def test_thresholds_separate_what_can_be_separated():
    scores, targets, counted = draw(n=400)
    fitted = fit_thresholds(scores, targets, counted, label_ids=["a", "b", "c"])
    at_half = measure(scores, targets, counted, label_ids=["a", "b", "c"], thresholds=dict.fromkeys("abc", 0.05))
    best = measure(scores, targets, counted, label_ids=["a", "b", "c"], thresholds=fitted)
    assert best.macro_f1 > at_half.macro_f1 + 0.2


def test_a_label_without_positives_gets_the_common_threshold():
    scores, targets, counted = draw()
    targets[:, 2] = 0
    fitted = fit_thresholds(scores, targets, counted, label_ids=["a", "b", "c"])
    assert 0.05 <= fitted["c"] <= 0.95
