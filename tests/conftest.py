"""What every test stands on: messages in English, no network for the libraries, one thread a library."""

import os

import pytest

# Before anything imports chaoxun or a library: help texts are made at import, and tests must not depend on the locale.
os.environ["CHAOXUN_LANG"] = "en"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"


@pytest.fixture
def chinese(monkeypatch):
    """Messages in Chinese for one test."""
    from chaoxun.language import user_language

    monkeypatch.setenv("CHAOXUN_LANG", "zh")
    user_language.cache_clear()
    yield
    monkeypatch.undo()
    user_language.cache_clear()


# A network of two layers of 32, really pretrained and fine-tuned for seconds on sentences made from a few words: small
# enough for every test run, and everything about it is real.


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory):
    """A JSONL corpus of made-up reports, some of fairs, some of contests, some of the weather."""
    import json
    import random

    rng = random.Random(7)
    pieces = {
        "employment_fair": ["招聘会开到社区", "企业带来岗位三百个", "求职者排起长队", "现场达成就业意向"],
        "skills_contest": ["焊工同台比武", "技能竞赛决出前三名", "裁判现场打分", "选手操作机床"],
        "": ["今天多云转晴", "水库蓄水充足", "早稻长势良好", "市民走进公园"],
    }
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for number in range(1600):
            label = rng.choice(list(pieces))
            # Without characters of its own every text would pass for a report of the same event.
            noise = "".join(chr(0x4E00 + rng.randrange(150)) for _ in range(40))
            text = "。".join(rng.choices(pieces[label], k=4)) + f"。第{number}号稿。{noise}。"
            row = {"title": rng.choice(pieces[label]), "text": text, "labels": [label] if label else []}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


@pytest.fixture(scope="session")
def tiny_labels(tmp_path_factory):
    """The two labels of the tiny corpus."""
    path = tmp_path_factory.mktemp("labels") / "labels.toml"
    names = {"employment_fair": "就业招聘", "skills_contest": "技能竞赛"}
    path.write_text("".join(f'[[label]]\nid = "{i}"\nname = "{name}"\n' for i, name in names.items()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_recipe():
    """Settings under which pretraining takes two seconds."""
    from chaoxun.learning.recipes import PretrainRecipe

    return PretrainRecipe(
        tokens=4 * 510 * 80, n_layers=2, hidden_size=32, n_heads=2, vocabulary_size=400, min_character_count=2,
        blocks_per_step=4, learning_rate=3e-3, warmup_steps=2, log_every_steps=40, save_every_steps=40, measure_blocks=2,
        hold_back_one_in=20,
        whole_words=False,  # the same pieces every time; words are tested in test_vocabulary.py
    )  # fmt: skip


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory, tiny_corpus, tiny_recipe):
    """A folder with the pretrained tiny network."""
    from chaoxun.learning.pretrain import pretrain

    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    pretrain([tiny_corpus], to=folder, recipe=tiny_recipe)
    return folder


@pytest.fixture(scope="session")
def tiny_annotations(tmp_path_factory, tiny_corpus):
    """Two hundred annotated articles of the tiny corpus."""
    path = tmp_path_factory.mktemp("annotations") / "annotations.jsonl"
    lines = tiny_corpus.read_text(encoding="utf-8").splitlines(keepends=True)[:200]
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_release(tmp_path_factory, tiny_encoder, tiny_annotations, tiny_labels):
    """The folder of a release of the tiny network that tells fairs from contests."""
    from chaoxun.learning.finetune import TrainPlan, train
    from chaoxun.learning.recipes import TrainRecipe

    plan = TrainPlan(
        annotations=(tiny_annotations,), labels=tiny_labels, base=tiny_encoder,
        to=tmp_path_factory.mktemp("release") / "tiny",
    )  # fmt: skip
    return train(plan, recipe=TrainRecipe(epochs=5, articles_per_step=4, learning_rate=2e-3, max_tokens=64)).folder
