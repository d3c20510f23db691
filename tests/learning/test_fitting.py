import os
import signal
import threading

import numpy as np
import pytest

from chaoxun.labels import load_taxonomy
from chaoxun.learning.annotations import read_annotations
from chaoxun.learning.fitting import Fitter
from chaoxun.learning.recipes import TrainRecipe
from chaoxun.tagging.torch_backend import PieceEncoder


@pytest.fixture
def fitter(tiny_encoder, tiny_labels):
    """A tiny network ready to be fine-tuned."""
    recipe = TrainRecipe(epochs=50, articles_per_step=4, learning_rate=2e-3, max_tokens=64)
    encoder = PieceEncoder(tiny_encoder, max_tokens=64)
    return Fitter(tiny_encoder, label_ids=load_taxonomy(tiny_labels).ids, encoder=encoder, recipe=recipe)


@pytest.fixture
def rows(tiny_annotations):
    """Articles to train on and to choose by."""
    found = read_annotations([tiny_annotations])
    return found[:160], found[160:]


def test_ctrl_c_ends_the_training_and_keeps_the_best_so_far(fitter, rows, capsys):
    threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    fitter.fit(*rows)
    assert "the best so far is kept" in capsys.readouterr().err
    assert 1 <= fitter.best_epoch < 50
    assert fitter.best_f1 == max(point.macro_f1 for point in fitter.curve if point.macro_f1 is not None)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)  # the usual handler is back


def test_the_curve_holds_falling_losses_and_the_f1_of_every_epoch(fitter, rows):
    fitter.recipe = TrainRecipe(epochs=3, articles_per_step=4, learning_rate=2e-3, max_tokens=64)
    fitter.fit(*rows)
    ends = [point for point in fitter.curve if point.macro_f1 is not None]
    assert [point.epoch for point in ends] == [1, 2, 3]
    assert ends[-1].loss < ends[0].loss
    assert [point.step for point in fitter.curve] == sorted(point.step for point in fitter.curve)


def test_probabilities_are_those_of_the_logits(fitter, rows):
    from chaoxun.learning.dataset import encode_annotations

    data = encode_annotations(rows[1], fitter.label_ids, fitter.encoder)
    assert fitter.score(data) == pytest.approx(1 / (1 + np.exp(-fitter.logits(data))), abs=1e-6)
