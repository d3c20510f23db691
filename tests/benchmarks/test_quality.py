import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(ROOT / "benchmarks" / "quality.py")]
# A scene for each label of training/labels.toml, told with words of its own.
SCENES = {
    "holiday_relief": "春节前夕干部提着米面油走访困难家庭",
    "skills_contest": "焊工们在赛场比试手艺前三名得奖杯",
    "employment_fair": "六十家企业进场摆摊求职者投递简历",
    "cultural_venue": "书屋里添了新书下班后坐满读者",
    "hardship_aid": "救助款打进重病工人账户学费也有着落",
    "skills_training": "叉车学员结业考试合格领到证书",
    "rights_protection": "仲裁庭判公司补发拖欠三个月工资",
    "model_workers": "老班长披红上台领取五一奖章",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Own and real articles of all labels, and a recipe of seconds."""
    folder = tmp_path_factory.mktemp("quality")
    rng = random.Random(1)
    for name, n_each in {"own": 4, "real": 12}.items():
        rows = [
            # Enough words of its own that no two articles pass for reports of one event.
            {"id": f"{name}-{label}-{n}", "text": "".join(map(chr, rng.choices(range(0x4E00, 0x5E00), k=60))) + f"。{scene}。",
             "labels": [label], "evidence": {label: scene}}
            for label, scene in SCENES.items() for n in range(n_each)
        ]  # fmt: skip
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "recipe.toml").write_text("[train]\nepochs = 1\nmax_tokens = 64\n", encoding="utf-8")
    return folder


def test_contenders_are_measured_fold_by_fold_and_what_is_done_is_not_done_again(files, tiny_encoder):
    given = [str(files / "real.jsonl"), "--to", str(files / "out")]
    run = [*COMMAND, "run", *given, "--own", str(files / "own.jsonl"), "--base", str(tiny_encoder), "--recipe",
           str(files / "recipe.toml"), "--contenders", "keywords,tfidf-real,network-both,random-both", "--folds", "2",
           "--measure", "2"]  # fmt: skip
    first = subprocess.run(run, capture_output=True, text=True)
    assert first.returncode == 0, first.stderr[-2000:]
    assert first.stderr.count("articles in") == 7
    assert "articles in" not in subprocess.run(run, capture_output=True, text=True, check=True).stderr
    held_out = [(files / "out" / "held-out" / f"{k}.jsonl").read_text(encoding="utf-8").splitlines() for k in (0, 1)]
    assert sorted(json.loads(line)["id"] for lines in held_out for line in lines) == sorted(
        json.loads(line)["id"] for line in (files / "real.jsonl").read_text(encoding="utf-8").splitlines()
    )
    table = subprocess.run([*COMMAND, "table", *given], capture_output=True, text=True, check=True).stdout
    assert table.startswith("96 of 96 articles")
    lines = {
        cells[0]: cells[1:]
        for cells in ([c.strip() for c in line.split("|")[1:-1]] for line in table.splitlines())
        if cells
    }
    assert lines["F1"] == ["articles", "keywords", "tfidf-real", "random-both", "network-both"]
    tfidf = float(lines["**macro-F1**"][2].strip("*"))
    assert tfidf > 0.9
    assert lines["gain over tfidf-real"][2] == "[0.000, 0.000]"
    low, high = json.loads(lines["95 %"][2])
    assert low <= tfidf <= high
    # What was reached is pinned, and a fall is noticed.
    floors = files / "floors.json"
    subprocess.run([*COMMAND, "table", *given, "--floors", str(floors), "--pin"], check=True, capture_output=True)
    assert subprocess.run([*COMMAND, "table", *given, "--floors", str(floors)], capture_output=True).returncode == 0
    pinned = json.loads(floors.read_text(encoding="utf-8"))
    floors.write_text(json.dumps(pinned | {"macro_f1": pinned["macro_f1"] + 0.02}), encoding="utf-8")
    ended = subprocess.run([*COMMAND, "table", *given, "--floors", str(floors)], capture_output=True, text=True)
    assert (ended.returncode, "macro-F1" in ended.stderr) == (1, True)
    # Every article was judged once by a model of another fold.
    judged = "".join((files / "out" / f"tfidf-real.{k}.jsonl").read_text(encoding="utf-8") for k in (0, 1)).splitlines()
    assert len({json.loads(line)["id"] for line in judged}) == len(judged) == 96
