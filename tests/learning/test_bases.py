"""Any encoder of the BERT family can be the base of a release."""

import json
from pathlib import Path

import pytest
import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    BertModel,
    RobertaConfig,
    RobertaModel,
    RobertaTokenizerFast,
)

from chaoxun.errors import ReleaseNotFound, ServiceUnavailable
from chaoxun.learning.bases import find_base
from chaoxun.learning.finetune import TrainPlan, train
from chaoxun.learning.recipes import TrainRecipe
from chaoxun.learning.vocabulary import train_tokenizer
from chaoxun.records import Article
from chaoxun.registry import open_tagger
from chaoxun.tagging.windows import cut_windows


def texts_of(path):
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(params=["bert", "roberta"])
def base(request, tmp_path, tiny_annotations):
    """A folder with an encoder that chaoxun did not make, weights as they are at the start."""
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    folder = tmp_path / request.param
    if request.param == "bert":
        tokenizer = train_tokenizer(texts_of(tiny_annotations), vocabulary_size=300, min_count=1, whole_words=False)
        model = BertModel(BertConfig(vocab_size=len(tokenizer), **sizes))
    else:
        trained = ByteLevelBPETokenizer()
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        trained.train_from_iterator(texts_of(tiny_annotations), vocab_size=400, special_tokens=special)
        tokenizer = RobertaTokenizerFast(tokenizer_object=trained._tokenizer, model_max_length=512)
        model = RobertaModel(RobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=514, **sizes))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_it_is_fine_tuned_into_a_release_that_plain_transformers_loads(base, tmp_path, tiny_annotations, tiny_labels):
    plan = TrainPlan(annotations=(tiny_annotations,), labels=tiny_labels, base=base, to=tmp_path / "release")
    report = train(plan, recipe=TrainRecipe(epochs=6, articles_per_step=4, learning_rate=2e-3, max_tokens=64))
    assert report.figures.macro_f1 > 0.7
    text = "招聘会开到社区。企业带来岗位三百个。"
    tagger = open_tagger(str(report.folder))
    (window,) = cut_windows([Article(id="a", page_number=None, paragraphs=(text,))], tagger.backend)
    model = AutoModelForSequenceClassification.from_pretrained(report.folder, local_files_only=True).eval()
    ids = AutoTokenizer.from_pretrained(report.folder, local_files_only=True)(text, return_tensors="pt")
    with torch.inference_mode():
        plain = model(**ids).logits.numpy()
    assert tagger.backend.logits([window]) == pytest.approx(plain, abs=1e-4)


@pytest.fixture
def offline(tmp_path, monkeypatch):
    """No network, and a cache of the hub's library with one checkpoint in it."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    kept = tmp_path / "hub" / "models--someone--small-bert"
    (kept / "snapshots" / "0123").mkdir(parents=True)
    (kept / "snapshots" / "0123" / "config.json").write_text("{}", encoding="utf-8")
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("0123", encoding="utf-8")
    return kept / "snapshots" / "0123"


def test_a_name_is_found_in_the_cache_of_the_hub(offline, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_base(Path("someone/small-bert")) == offline


def test_a_name_that_cannot_be_fetched_is_an_unavailable_service(offline, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ServiceUnavailable, match="someone/else") as caught:
        find_base(Path("someone/else"))
    assert caught.value.exit_code == 69


@pytest.mark.parametrize("place", ["empty", "no/such/folder", "../up"])
def test_a_folder_without_an_encoder_is_refused(offline, tmp_path, monkeypatch, place):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReleaseNotFound, match="encoder"):
        find_base(Path(place))
