"""Users whose language is Chinese meet none of click's English."""

import re

import pytest

from chaoxun.cli.chinese import in_chinese
from chaoxun.cli.main import COMMANDS

ENGLISH = re.compile(
    r"Usage|Options|Commands|Error|Missing|No such|Try |Invalid|Got |Show this|default|[a-z]+ (?:is|of) "
)


@pytest.fixture
def run(start):
    """Runs a command line in Chinese; in a process of its own, since help texts are made when a command is imported."""

    def run(*words):
        process = start(*words, env={"CHAOXUN_LANG": "zh"})
        out, err = process.communicate(timeout=60)
        return process.returncode, out.decode("utf-8"), err.decode("utf-8")

    return run


@pytest.mark.parametrize(("words", "said"), [
    (["tag"], "错误：缺少参数 PATH...。"),
    (["export", "a.db"], "错误：缺少选项 --to。"),
    (["tag", "x", "--nonsense"], "错误：没有选项 --nonsense。"),
    (["tag", "x", "--jsn"], "错误：没有选项 --jsn。是否想输入 '--json'？"),
    (["unknwn"], "错误：没有命令 unknwn。"),
    (["doctor", "x", "y"], "错误：多余的参数：x y。"),
    (["tag", "x", "--backend"], "错误：选项 --backend 需要一个值。"),
    (["tag", "x", "--json=3"], "错误：选项 --json 不带值。"),
    (["tag", "x", "--backend", "no"], "错误：--backend 的值无效：'no' 不在可选值 'auto', 'torch', 'keywords' 之中。"),
    (["pretrain", "--corpus", "a", "--to", "b", "--seed", "x"], "错误：--seed 的值无效：'x' 不是整数。"),
    (["pretrain", "--corpus", "a", "--to", "b", "--seed", "-1"], "错误：--seed 的值无效：-1 不在范围 x>=0 之内。"),
])  # fmt: skip
def test_a_wrong_command_line_is_explained_in_chinese(run, words, said):
    code, out, err = run(*words)
    assert code == 2 and out == ""
    assert said in err.splitlines() and not ENGLISH.search(err)


@pytest.mark.parametrize("command", ["", *COMMANDS, "annotations check"])
def test_the_labels_of_a_help_text_are_chinese(run, command):
    code, out, _ = run(*command.split(), "--help")
    assert code == 0
    assert out.startswith("用法：chaoxun") and "选项：" in out and "显示本帮助。" in out
    assert not re.search(r"Usage|Options|OPTIONS|Commands|Show this|default", out)


def test_a_group_without_a_command_shows_its_help(run):
    assert run("annotations")[2].startswith("用法：chaoxun annotations")


def test_what_no_pattern_knows_stays_as_it_is():
    assert in_chinese("Something new.") == "Something new."


def test_english_stays_english(chaoxun):
    assert "Usage: chaoxun tag" in chaoxun("tag").err
