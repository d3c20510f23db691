"""The built wheel holds what is needed outside the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
POINTER = ROOT / "models" / "current"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the unpacked wheel."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place / "lib")
    return place / "lib"


def run(installed, *words, stdin=""):
    return subprocess.run(
        [sys.executable, "-m", "chaoxun", *words],
        input=stdin, capture_output=True, text=True, encoding="utf-8", cwd=installed.parent,
        env=os.environ | {"PYTHONPATH": str(installed), "CHAOXUN_LANG": "en"},
    )  # fmt: skip


def test_the_wheel_holds_every_data_file_of_the_package(installed):
    source = ROOT / "src" / "chaoxun"
    wanted = {
        path.relative_to(source) for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path for path in wanted if not (installed / "chaoxun" / path).is_file()} == set()
    assert (installed / "chaoxun" / "training" / "labels.toml").is_file()


def test_the_wheel_tags_by_keywords_far_from_the_checkout(installed):
    ended = run(installed, "tag", "-", "--backend", "keywords", "--json", stdin="区总工会举办技能大赛。")
    assert ended.returncode == 0 and '"skills_contest"' in ended.stdout


def test_the_wheel_tags_with_the_shipped_release(installed):
    ended = run(
        installed, "tag", "-", "--json", stdin="区总工会举办职工技能大赛，三百名选手参加焊工、电工等工种的技术比武。"
    )
    assert ended.returncode == 0, ended.stderr
    assert f'"release": "{POINTER.read_text(encoding="utf-8").strip()}"' in ended.stdout
