import ast
import re
from pathlib import Path

import pytest

import chaoxun
from chaoxun.cli.main import COMMANDS

SOURCES = Path(chaoxun.__file__).parent
_QUOTED = re.compile("(?:^|')chaoxun ([a-z]+)")
_IN_CHINESE = re.compile("chaoxun ([a-z]+)")
_HAN = re.compile("[\u4e00-\u9fff]")


def commands_in(source: str) -> set[str]:
    """The X of every `chaoxun X` that a string of a module tells the user to run; docstrings tell nobody."""
    tree = ast.parse(source)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
    ]
    return {word for text in texts for word in (_IN_CHINESE if _HAN.search(text) else _QUOTED).findall(text)}


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.py")), ids=lambda path: path.relative_to(SOURCES).as_posix())
def test_messages_name_only_commands_that_exist(path):
    assert commands_in(path.read_text(encoding="utf-8")) <= set(COMMANDS)


def test_a_command_is_found_in_both_languages():
    source = '"chaoxun silent"\nsay(en="look (\'chaoxun one x\')", zh="请用 chaoxun two 检查")\nf("chaoxun three a")'
    assert commands_in(source) == {"one", "two", "three"}
