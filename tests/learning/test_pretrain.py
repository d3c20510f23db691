import dataclasses
import json
import shutil

import numpy as np
import pytest
from safetensors.numpy import load_file
from transformers import AutoModelForMaskedLM, AutoModelForSequenceClassification

from chaoxun.errors import InputError
from chaoxun.learning.corpus import read_corpus
from chaoxun.learning.pretrain import learning_rate, pretrain
from chaoxun.learning.recipes import PretrainRecipe


def test_the_encoder_loads_with_plain_transformers_and_has_learned_something(tiny_encoder):
    model = AutoModelForMaskedLM.from_pretrained(tiny_encoder, local_files_only=True)
    assert model.config.model_type == "bert"
    record = json.loads((tiny_encoder / "pretraining.json").read_text(encoding="utf-8"))
    assert record["reached"]["masked_accuracy"] > 0.05
    assert record["log"][-1]["loss"] < record["log"][0]["loss"]


def test_the_pooler_that_a_classifier_starts_from_is_in_the_encoder(tiny_encoder):
    tensors = load_file(tiny_encoder / "model.safetensors")
    assert tensors["bert.pooler.dense.weight"].std() > 0
    assert not [name for name in tensors if name.startswith("gist")]
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, local_files_only=True, num_labels=2)
    assert np.allclose(model.bert.pooler.dense.weight.detach().numpy(), tensors["bert.pooler.dense.weight"], atol=1e-3)


def test_without_a_gist_the_masked_tokens_alone_are_learned_and_the_run_can_be_resumed(
    tmp_path, tiny_corpus, tiny_recipe
):
    recipe = dataclasses.replace(tiny_recipe, tokens=4 * 510 * 2, gist_weight=0.0)
    pretrain([tiny_corpus], to=tmp_path / "e", recipe=recipe)
    before = load_file(tmp_path / "e" / "model.safetensors")
    longer = dataclasses.replace(recipe, tokens=4 * 510 * 4)
    assert pretrain([tiny_corpus], to=tmp_path / "e", recipe=longer, resume=True).step == 4
    after = load_file(tmp_path / "e" / "model.safetensors")
    assert (before["bert.pooler.dense.weight"] == after["bert.pooler.dense.weight"]).all()
    assert (
        before["bert.encoder.layer.0.output.dense.weight"] != after["bert.encoder.layer.0.output.dense.weight"]
    ).any()


def test_a_run_stopped_and_resumed_ends_with_the_weights_of_an_undisturbed_one(tmp_path, tiny_corpus, tiny_recipe):
    straight = dataclasses.replace(tiny_recipe, tokens=4 * 510 * 6, decay_share=0.0)
    pretrain([tiny_corpus], to=tmp_path / "halves", recipe=dataclasses.replace(straight, tokens=4 * 510 * 3))
    shutil.copytree(tmp_path / "halves", tmp_path / "straight")  # one vocabulary for both
    pretrain([tiny_corpus], to=tmp_path / "straight", recipe=straight)
    assert load_differs(tmp_path / "straight", tmp_path / "halves")
    pretrain([tiny_corpus], to=tmp_path / "halves", recipe=straight, resume=True)
    assert not load_differs(tmp_path / "straight", tmp_path / "halves")


def load_differs(a, b):
    one, two = (load_file(folder / "model.safetensors") for folder in (a, b))
    return any((one[name] != two[name]).any() for name in one)


def test_articles_that_quality_is_measured_on_are_left_out(tiny_corpus):
    articles = list(read_corpus([tiny_corpus]))
    without = frozenset(article.id for article in articles[:100])
    assert [a.id for a in read_corpus([tiny_corpus], without=without)] == [a.id for a in articles[100:]]


def test_a_corpus_too_small_for_one_batch_is_refused(tmp_path, tiny_recipe):
    (tmp_path / "c.jsonl").write_text('{"text": "今天多云转晴。"}\n' * 3, encoding="utf-8")
    with pytest.raises(InputError, match="too few"):
        pretrain([tmp_path / "c.jsonl"], to=tmp_path / "to", recipe=tiny_recipe)


def test_the_rate_warms_up_stays_and_falls_to_a_tenth():
    recipe = PretrainRecipe(learning_rate=1.0, warmup_steps=10, decay_share=0.2)
    rates = [learning_rate(step, n_steps=100, recipe=recipe) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9:80] == [1.0] * 71
    assert rates[80:] == sorted(rates[80:], reverse=True)
    assert rates[99] == pytest.approx(0.1, abs=0.03)
