"""Two small invented issues, and the command line as a function."""

import io
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PAGE_ONE = """河柳工人报
2024年5月6日 星期一 第1版 要闻

区总工会送温暖进工地

本报讯 “五一”前夕，河柳区总工会走访慰问坚守岗位的一线职工，
送上慰问金和慰问品，把节日的祝福带到工地上。

区总工会负责人来到清溪大桥项目部，向200名建设者送去防暑用
品，叮嘱大家劳逸结合，注意安全。(林小满)

技能大赛擂响战鼓

本报讯 日前，河柳区第六届职工技能大赛在区职业学校开幕，来自
48家企业的320名选手参加焊工、电工等8个工种的技术比武。

大赛由区总工会和区人社局联合主办，获得第一名的选手将被推荐
参评五一劳动奖章。(周白)
"""
PAGE_TWO = """河柳工人报
2024年5月6日 星期一 第2版 综合

夜校开到车间旁

本报讯 5月3日晚，青禾纺织公司的职工夜校开课，首期技能培训班
有60名女工报名学习设备保养。

公司工会主席说，培训班每周两次，结业后发给职业资格证书。
(本报记者 陈晚秋)
"""


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def pages(tmp_path):
    """A folder with an issue of two pages."""
    folder = tmp_path / "pages" / "河柳工人报" / "2024-05-06"
    folder.mkdir(parents=True)
    (folder / "01.txt").write_text(PAGE_ONE, encoding="utf-8")
    (folder / "02.txt").write_text(PAGE_TWO, encoding="utf-8")
    return tmp_path / "pages"


@pytest.fixture
def chaoxun(capsys, monkeypatch):
    """Runs a command line in this process; standard input in bytes."""
    from chaoxun.cli.main import main

    def run(*words, stdin=b""):
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Ended(code=int(ended.value.code or 0), out=out, err=err)

    return run


@pytest.fixture
def as_common_user(tmp_path, monkeypatch):
    """A context in which root is nobody, for tests of permissions; the test stands in its folder, paths are relative."""
    if os.name == "nt":
        pytest.skip("POSIX permissions")
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    # The user's data folder is looked at for releases, and root's is closed to anybody else.
    monkeypatch.setenv("HOME", "/nowhere")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    @contextmanager
    def step_down():
        if os.geteuid() != 0:
            yield
            return
        os.setresuid(65534, 65534, 0)
        try:
            yield
        finally:
            os.setresuid(0, 0, 0)

    return step_down


@pytest.fixture
def start():
    """Starts a command line in a process of its own."""

    def run(*words, **options):
        return subprocess.Popen(
            [sys.executable, "-m", "chaoxun", *map(str, words)],
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | options.pop("env", {}),
            stdin=subprocess.DEVNULL,
            stdout=options.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            **options,
        )

    return run
