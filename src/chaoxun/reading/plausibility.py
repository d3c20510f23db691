"""How much a text looks like printed Chinese: decoded text to a log-likelihood and to a share of ordinary characters.

The first compares readings of the same bytes in different encodings; the second says whether a reading is text at all.
"""

from collections import Counter
from functools import cache

from chaoxun.cleaning.characters import simplify

# The 500 most frequent characters of modern written Chinese, a fact any frequency count repeats.  Readings of fewer
# than ten characters are told apart by them; the rest of the table comes from the codecs themselves.
_MOST_FREQUENT = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平"
    "形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党"
    "程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干"
    "做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单"
    "风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界"
    "拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构"
    "府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
)
_PUNCTUATION = "，。、：；？！“”‘’（）《》—…·「」『』"
_RARER_PUNCTUATION = "【】〔〕〈〉％～●■◆▲△○◎★☆※×①②③④⑤⑥⑦⑧⑨〇\u3000"

# Natural logarithms of a character's probability in newspaper text, by class.  Rough by intent: only differences of
# several units decide.  Set by counting classes in news and by the 11 cases of benchmarks/encodings.py as a set.
_FREQUENT, _COMMON, _UNCOMMON, _RARE = -6.5, -9.3, -13.0, -15.5
_MARK, _RARER_MARK, _FOREIGN, _BAD = -5.0, -9.0, -13.5, -20.0
_REPLACED = -16.0
_WHITE, _ASCII_LOWER, _ASCII_UPPER, _ASCII_MARK = -2.5, -3.3, -5.0, -6.5
_TRADITIONAL = -0.5  # added to a traditional form's weight: mixed readings lose against uniform ones

# Ranges of characters that tell a wrong reading: first and last code point, weight.
_RANGES = (
    (0x4E00, 0x9FFF, _RARE),
    (0x3400, 0x4DBF, _RARE - 1.5),
    (0x20000, 0x3FFFD, _RARE - 1.5),
    (0x3041, 0x30FF, _FOREIGN),
    (0x3100, 0x312F, _FOREIGN - 2),
    (0xAC00, 0xD7A3, _FOREIGN - 2),
    (0x00A1, 0x04FF, _FOREIGN),
    (0x2000, 0x2BFF, _FOREIGN),
    (0x3000, 0x303F, _FOREIGN),
    (0x3200, 0x33FF, _FOREIGN),
    (0xFE30, 0xFE6F, _FOREIGN),
    (0xFF01, 0xFF60, _RARER_MARK),
    (0xFF61, 0xFFEF, _FOREIGN - 2),
    (0x1F000, 0x1FAFF, _FOREIGN),
)
_WRONG_SCRIPTS = ((0x3041, 0x30FF), (0xAC00, 0xD7A3), (0xE000, 0xF8FF), (0xFF61, 0xFFDC), (0xF0000, 0x10FFFF))


def _gb2312(first_row: int, last_row: int) -> str:
    """The characters of these rows (0xA0-based lead bytes) of GB2312: 0xB0-0xD7 is its level 1, 0xD8-0xF7 level 2."""
    cells = bytes(b for lead in range(first_row, last_row + 1) for tail in range(0xA1, 0xFF) for b in (lead, tail))
    return cells.decode("gb2312", "ignore")


@cache
def _weights() -> dict[str, float]:
    table = dict.fromkeys(_gb2312(0xD8, 0xF7), _UNCOMMON)
    table |= dict.fromkeys(_gb2312(0xB0, 0xD7), _COMMON)
    table |= dict.fromkeys(_MOST_FREQUENT, _FREQUENT)
    unified = "".join(map(chr, range(0x4E00, 0xA000)))
    for old, new in zip(unified, simplify(unified), strict=True):
        if old != new and new in table:
            table.setdefault(old, table[new] + _TRADITIONAL)
    table |= dict.fromkeys(_PUNCTUATION, _MARK) | dict.fromkeys(_RARER_PUNCTUATION, _RARER_MARK)
    table |= dict.fromkeys(map(chr, range(0x21, 0x7F)), _ASCII_MARK)
    table |= dict.fromkeys(map(chr, range(0x41, 0x5B)), _ASCII_UPPER)
    table |= dict.fromkeys("abcdefghijklmnopqrstuvwxyz0123456789", _ASCII_LOWER)
    table |= dict.fromkeys(" \n\r\t\f", _WHITE) | {"\ufffd": _REPLACED}
    return table


def _weight(character: str) -> float:
    known = _weights().get(character)
    if known is not None:
        return known
    code = ord(character)
    return next((weight for first, last, weight in _RANGES if first <= code <= last), _BAD)


def log_likelihood(text: str) -> float:
    """The sum of the log-probabilities of all characters: of two readings of the same bytes the right one is higher.

    Example: log_likelihood("职工") > log_likelihood("ְ¹¤")
    """
    return sum(_weight(character) * n for character, n in Counter(text).items())


def ordinary_share(text: str) -> float:
    """Common characters less private-use, control, kana, hangul and replaced ones, over all that are not white space.

    Between -1 and 1; 1 for a text without a single visible character.

    Example: "职工abc\ufffd" -> (5 - 1) / 6
    """
    n_visible = n_good = n_bad = 0
    for character, n in Counter(text).items():
        if character.isspace():
            continue
        n_visible += n
        if _weights().get(character, _BAD) > _RARE:
            n_good += n
        elif _is_bad(character):
            n_bad += n
    return (n_good - n_bad) / n_visible if n_visible else 1.0


def _is_bad(character: str) -> bool:
    code = ord(character)
    is_wrong_script = any(first <= code <= last for first, last in _WRONG_SCRIPTS)
    return is_wrong_script or code < 0x20 or 0x7F <= code < 0xA0 or character == "\ufffd"
