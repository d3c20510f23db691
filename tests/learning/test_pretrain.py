import dataclasses
import json

import pytest
from safetensors.numpy import load_file
from transformers import AutoModelForMaskedLM, AutoTokenizer

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


def test_chinese_characters_are_single_tokens_and_numbers_are_pieces(tiny_encoder):
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder, local_files_only=True)
    assert tokenizer.tokenize("岗位三百个")[:2] == ["岗", "位"]
    assert tokenizer("焊工")["input_ids"][0] == tokenizer.cls_token_id
    assert tokenizer.is_fast


def test_a_run_stopped_and_resumed_ends_with_the_weights_of_an_undisturbed_one(tmp_path, tiny_corpus, tiny_recipe):
    straight = dataclasses.replace(tiny_recipe, tokens=4 * 510 * 6, decay_share=0.0)
    pretrain([tiny_corpus], to=tmp_path / "straight", recipe=straight)
    pretrain([tiny_corpus], to=tmp_path / "halves", recipe=dataclasses.replace(straight, tokens=4 * 510 * 3))
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
