import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, RobertaConfig

from chaoxun.learning.calibration import fit_bands, fit_calibration, put_into
from chaoxun.learning.metrics import calibration_error

RNG = np.random.default_rng(3)
N, LABELS = 3000, 3
TRUE_LOGITS = RNG.normal(-1.5, 2.0, (N, LABELS)).astype(np.float32)
TARGETS = (RNG.random((N, LABELS)) < 1 / (1 + np.exp(-TRUE_LOGITS))).astype(np.float32)
COUNTED = np.ones_like(TARGETS)
# A network that is three times too sure of itself, and leans to yes.
LOGITS = TRUE_LOGITS * 3 + np.array([1.0, 2.0, 0.0], dtype=np.float32)


def test_calibrated_probabilities_mean_what_they_say():
    before = calibration_error(1 / (1 + np.exp(-LOGITS.reshape(-1))), TARGETS.reshape(-1))
    after = fit_calibration(LOGITS, TARGETS, COUNTED).probabilities(LOGITS)
    assert before > 0.1
    assert calibration_error(after.reshape(-1), TARGETS.reshape(-1)) < 0.03


def test_order_is_kept_so_the_highest_window_stays_the_highest():
    calibration = fit_calibration(LOGITS, TARGETS, COUNTED)
    assert (calibration.scale > 0).all()
    after = calibration.probabilities(LOGITS)
    assert (np.argsort(LOGITS[:, 0]) == np.argsort(after[:, 0])).mean() > 0.99


def test_a_label_that_nobody_has_borrows_from_the_others_and_never_turns_round():
    targets = TARGETS.copy()
    targets[:, 2] = 0
    assert fit_calibration(LOGITS, targets, COUNTED).scale[2] > 0
    backwards = fit_calibration(-TRUE_LOGITS, TARGETS, COUNTED)
    assert (backwards.scale > 0).all()


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_it_is_put_into_the_network_itself(kind, tiny_encoder):
    torch.manual_seed(0)
    if kind == "bert":
        model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, num_labels=LABELS, dtype=torch.float32)
    else:
        config = RobertaConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                               intermediate_size=32, num_labels=LABELS)  # fmt: skip
        model = AutoModelForSequenceClassification.from_config(config)
    model.eval()
    ids = torch.tensor([[2, 7, 8, 9, 3]])
    with torch.no_grad():
        before = model(input_ids=ids).logits.numpy()
    calibration = fit_calibration(LOGITS, TARGETS, COUNTED)
    put_into(model, calibration)
    with torch.no_grad():
        after = model(input_ids=ids).logits.numpy()
    assert after == pytest.approx(before * calibration.scale + calibration.shift, abs=1e-4)


def test_what_is_accepted_was_right_and_what_is_rejected_holds_few_true_tags():
    scores = (1 / (1 + np.exp(-TRUE_LOGITS))).astype(np.float32)
    bands = fit_bands(scores, TARGETS, COUNTED)
    assert 0 < bands.reject < bands.accept < 1
    assert TARGETS[scores >= bands.accept].mean() >= 0.94
    assert TARGETS[scores < bands.reject].sum() <= 0.05 * TARGETS.sum()


def test_without_a_true_tag_nothing_is_accepted_and_nothing_rejected():
    bands = fit_bands(np.full((4, 1), 0.9, dtype=np.float32), np.zeros((4, 1)), np.ones((4, 1)))
    assert (bands.accept, bands.reject) == (1.0, 0.0)
