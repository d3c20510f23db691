"""One character in, one character out: the uniform view of a text that splitters, backends and search read.

Every function here keeps the length of its text, so an offset found in the view is an offset in the original.
"""

from functools import cache
from importlib.resources import files

# Fullwidth ASCII (U+FF01-FF5E) to ASCII; the punctuation that Chinese sentences are built from stays full width,
# because sentence ends and quotes are recognised by it and a BERT vocabulary knows it in that form.
_KEPT_FULLWIDTH = "，。！？：；（）"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\v\f\r"
_VARIANTS = {"「": "“", "」": "”", "『": "‘", "』": "’", "﹁": "“", "﹂": "”", "﹙": "（", "﹚": "）", "｡": "。", "､": "、",
             "﹐": "，", "﹑": "、", "﹒": "。", "﹔": "；", "﹕": "：", "﹖": "？", "﹗": "！", "・": "·", "•": "·",
             "－": "-", "─": "—", "―": "—"}  # fmt: skip


@cache
def _view_table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT_FULLWIDTH}
    table |= {ord(space): " " for space in _SPACES}
    table |= {ord(variant): standard for variant, standard in _VARIANTS.items()}
    return table


@cache
def _simplified_table() -> dict[int, str]:
    lines = files(__package__).joinpath("traditional.txt").read_text(encoding="utf-8").splitlines()
    return {ord(old): new for old, new in zip(lines[1], lines[2], strict=True)}


def uniform(text: str) -> str:
    """`text` with ASCII forms half width, Chinese punctuation full width and every space U+0020; same length.

    Example: "２０２１年　「两节」" -> "2021年 “两节”"
    """
    return text.translate(_view_table())


def simplify(text: str) -> str:
    """`text` with each traditional character replaced by its simplified one, character by character; same length.

    Phrases are not looked at (乾隆 becomes 干隆): for comparing and for models, not for print.
    Source of the table: OpenCC's TSCharacters, single characters of the basic plane.

    Example: "勞動競賽" -> "劳动竞赛"
    """
    return text.translate(_simplified_table())


def model_view(text: str) -> str:
    """`text` as models and patterns see it: uniform width, simplified characters; same length as `text`.

    Example: "職工技能競賽（２０２１）" -> "职工技能竞赛（2021）"
    """
    return simplify(uniform(text))
