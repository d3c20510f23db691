import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from chaoxun.errors import ReleaseError, ReleaseInvalid, ReleaseNotFound, WeightsChanged
from chaoxun.registry import file_digests, find_release, load_release, open_tagger, release_key


@pytest.fixture
def release(tiny_release, tmp_path):
    return shutil.copytree(tiny_release, tmp_path / "copy")


def seal_again(folder):
    """What a forger would do: hashes that fit the changed files."""
    record = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    record["files"] = file_digests(folder)
    (folder / "release.json").write_text(json.dumps(record), encoding="utf-8")


def test_a_release_loads_with_plain_transformers_and_gives_the_same_answers(release):
    tagger = open_tagger(str(release))
    model = AutoModelForSequenceClassification.from_pretrained(release, local_files_only=True).eval()
    tokenizer = AutoTokenizer.from_pretrained(release, local_files_only=True)
    text = "招聘会开到社区。企业带来岗位三百个。"
    with torch.inference_mode():
        plain = model(**tokenizer(text, return_tensors="pt")).logits.numpy()
    from chaoxun.records import Article
    from chaoxun.tagging.windows import cut_windows

    ours = tagger.backend.logits(cut_windows([Article(id="a", page_number=None, paragraphs=(text,))], tagger.backend))
    np.testing.assert_allclose(ours, plain, atol=1e-4)
    assert model.config.problem_type == "multi_label_classification"


def test_the_pipeline_of_transformers_works_on_a_release(release):
    classify = pipeline("text-classification", model=str(release), top_k=None, truncation=True)
    answers = {a["label"]: a["score"] for a in classify("焊工同台比武，技能竞赛决出前三名。" * 40)[0]}
    assert answers["skills_contest"] > answers["employment_fair"] + 0.1


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json", "labels.toml", "metrics.json"])
def test_a_flipped_byte_in_any_file_is_found_and_the_file_named(release, name):
    data = bytearray((release / name).read_bytes())
    data[len(data) // 2] ^= 0x01
    (release / name).write_bytes(data)
    with pytest.raises(WeightsChanged, match=name.replace(".", r"\.")):
        load_release(release)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json", "labels.toml"])
def test_a_missing_file_is_named(release, name):
    (release / name).unlink()
    with pytest.raises(ReleaseInvalid, match=name.replace(".", r"\.")):
        load_release(release)


@pytest.mark.parametrize("name", ["weights.bin", "model.pt", "modeling.py", "optimizer.pkl"])
def test_files_that_could_run_code_are_refused_even_when_listed(release, name):
    (release / name).write_bytes(b"x")
    seal_again(release)
    with pytest.raises(ReleaseInvalid):
        load_release(release)


def test_a_config_that_asks_for_code_of_its_own_is_refused(release):
    config = json.loads((release / "config.json").read_text(encoding="utf-8"))
    config["auto_map"] = {"AutoModelForSequenceClassification": "modeling.Model"}
    (release / "config.json").write_text(json.dumps(config), encoding="utf-8")
    seal_again(release)
    with pytest.raises(ReleaseInvalid, match="auto_map"):
        load_release(release)


def test_a_tokenizer_with_a_regular_expression_is_refused_but_a_word_of_that_name_is_none(release):
    path = release / "tokenizer.json"
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer["model"]["note"] = {"Regex": 1}
    path.write_text(json.dumps(tokenizer), encoding="utf-8")
    seal_again(release)
    load_release(release)
    tokenizer["normalizer"] = {"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": ""}
    path.write_text(json.dumps(tokenizer), encoding="utf-8")
    seal_again(release)
    with pytest.raises(ReleaseInvalid, match="regular expression"):
        load_release(release)


def test_a_release_says_from_which_score_a_tag_needs_no_reader(release):
    assert 0 <= load_release(release).accept <= 1
    assert open_tagger(str(release)).accept == load_release(release).accept


@pytest.mark.parametrize("bands", [{}, {"accept": 2}, {"accept": "high"}, [0.9]])
def test_bands_that_are_none_are_refused(release, bands):
    record = json.loads((release / "release.json").read_text(encoding="utf-8"))
    (release / "release.json").write_text(json.dumps(record | {"bands": bands}), encoding="utf-8")
    with pytest.raises(ReleaseInvalid, match="accept"):
        load_release(release)


def test_random_weights_with_fitting_hashes_fail_the_golden_probes(release):
    weights = load_file(release / "model.safetensors")
    torch.manual_seed(0)
    save_file(
        {name: torch.randn_like(tensor.float()).mul_(0.02).half() for name, tensor in weights.items()},
        release / "model.safetensors", metadata={"format": "pt"},
    )  # fmt: skip
    seal_again(release)
    load_release(release)
    with pytest.raises(WeightsChanged, match="probe"):
        open_tagger(str(release))


@pytest.mark.parametrize(
    "change",
    [
        {"thresholds": {"employment_fair": 0.5}},
        {"thresholds": {"employment_fair": 0.5, "skills_contest": 1.7}},
        {"format": 99},
    ],
)
def test_a_release_json_that_does_not_fit_the_model_is_refused(release, change):
    record = json.loads((release / "release.json").read_text(encoding="utf-8")) | change
    (release / "release.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ReleaseError):
        load_release(release)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}'])
def test_a_release_json_that_is_none_is_refused(release, content):
    (release / "release.json").write_text(content, encoding="utf-8")
    with pytest.raises(ReleaseInvalid):
        load_release(release)


def test_a_release_is_found_by_folder_and_by_name(release, tmp_path, monkeypatch):
    assert find_release(str(release)) == release
    monkeypatch.chdir(tmp_path)
    shutil.copytree(release, tmp_path / "models" / "mine")
    assert find_release("mine").resolve() == (tmp_path / "models" / "mine").resolve()
    (tmp_path / "models" / "current").write_text("mine\n", encoding="utf-8")
    assert find_release(None).name == "mine"


def test_a_release_that_is_nowhere_is_an_error_that_says_where_it_was_sought():
    with pytest.raises(ReleaseNotFound, match="models"):
        find_release("no-such-release")


def test_the_key_of_a_release_changes_with_any_of_its_files(release):
    before = release_key(str(release))
    (release / "README.md").write_text("changed", encoding="utf-8")
    seal_again(release)
    assert release_key(str(release)) != before
    assert before.startswith("tiny@")
