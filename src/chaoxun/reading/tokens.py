"""Dates, page numbers and newspaper names in a path component or a line of a masthead: a short text to what it says.

All patterns expect `model_view` (half-width digits, simplified characters) of a text of at most a few hundred
characters; spans count characters of that text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chaoxun.cleaning.characters import model_view
from chaoxun.records import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DateToken:
    """A date that exists in the calendar."""

    iso: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToken:
    """A page number in a form that means nothing else."""

    number: int
    section: str
    """Lower-case letter of the part of the issue, like the `b` of B03; "" for none and for A, the first part."""
    span: Span


_YEAR = "(?:1[89]|20)[0-9]{2}"
_DATE = re.compile(
    # With separators, then without: 2021-1-22, 2021年1月22日, 2021/01/22; 20210122, 2021/0122, 202101/22.
    f"(?<![0-9])(?:({_YEAR})(?:年[-_./ ]?|[-_./ ])([0-9]{{1,2}})(?:月[-_./ ]?|[-_./ ])([0-9]{{1,2}})"
    f"|({_YEAR})[-_./ ]?([0-9]{{2}})[-_./ ]?([0-9]{{2}}))(?:日|(?![0-9版期]))"
)
_HAN_DATE = re.compile(
    "([一二][〇○零Oo0一二三四五六七八九]{3})年 ?([一二三四五六七八九十]{1,2})月 ?([一二三四五六七八九十廿]{1,3})日"
)
# 138-2021-0122 and 电话：0551-20210122 hold digits that read like a day.
_PHONE = re.compile(
    "(?<![0-9])1[3-9][0-9][- ][0-9]{4}[- ][0-9]{4}(?![0-9])"
    "|(?:电话|热线|手机|传真|[Tt][Ee][Ll])[^0-9]{0,4}(?:0[0-9]{2,3}[- ]?)?[0-9]{3,4}[- ]?[0-9]{4}(?![0-9])"
)
_DIGITS = {character: str(n) for n, character in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零Oo0", "0")

_HAN_DIGITS = "一二三四五六七八九十"

# 今日四版, 共8版, 对开四版 say how many pages there are, 下转第三版 where an article goes on.
_NOT_THIS_PAGE = "(?<![今每]日)(?<![共期开转接])(?<![转接] )"
# 第三版教材 is an edition, 3版面 an area.
_NOT_A_BOOK = "(?!面|教材|修订)"
_PAGES = (
    re.compile(rf"{_NOT_THIS_PAGE}第 ?([A-Ha-h])?0{{0,2}}([0-9]{{1,3}}) ?版{_NOT_A_BOOK}"),
    re.compile(rf"(?<![0-9A-Za-z第]){_NOT_THIS_PAGE}([A-Ha-h])?0{{0,2}}([0-9]{{1,3}})版(?!本){_NOT_A_BOOK}"),
    re.compile(
        rf"{_NOT_THIS_PAGE}(?<!第)(?:第 ?)?()(?<![{_HAN_DIGITS}])([{_HAN_DIGITS}]{{1,3}}) ?版(?!本){_NOT_A_BOOK}"
    ),
    re.compile("()版次[:： ]?0{0,2}([0-9]{1,3})(?![0-9])"),
    re.compile("(?<![A-Za-z0-9])()[Pp](?:age)?[-_ ]?0{0,2}([0-9]{1,3})(?![0-9A-Za-z])"),
)
_SECTION_PAGE = re.compile("(?<![0-9A-Za-z])([A-Ha-h])-?0?([0-9]{1,2})(?![0-9A-Za-z])")
_FRONT_PAGE = re.compile("头版(?!头)")
_MAX_PAGE = 200
"""No newspaper prints more; larger numbers are something else."""

_SEPARATORS = re.compile(r"[\s_\-—–·,，.。:：;；/()（）\[\]【】《》<>“”|+]+")
_EDITION = re.compile("(?:电子版|数字版|文字版|文本|全文|合订本)$")
_NEWSPAPER = re.compile("[\u4e00-\u9fff]{2,11}报")
# Words that end in 报 and name no newspaper; 交通报, 邮电报 and 上海报 do.
_NO_NEWSPAPER = re.compile(
    "(?:[汇简年月季旬申上举预公情喜捷战警填直补呈墙壁板抄学小谎瞒漏误虚回酬播研财评读看送订办登见剪专要摘密急续初终测案告]"
    "|(?<!交)通|(?<!邮)电|(?<![上珠青北威])海)报$"
)
_REPORT = re.compile(
    "(?:工作|生产|项目|疫情|信息|安全|销售|运营|数据|统计|值班|舆情|财务|个人|部门|会议|行业)[日周快晨晚]报$"
)
_SENTENCE = re.compile("[的了将把被向是我你他她您看想这那与及第]")
_KNOWN_NEWSPAPERS = frozenset({"文汇报"})


def find_dates(text: str) -> tuple[DateToken, ...]:
    """The dates in `text` from left to right.

    Example: "安徽工人日报_20210122_03版" -> 2021-01-22 at (7, 15); "20210230" -> nothing
    """
    found = []
    phones = [match.span() for match in _PHONE.finditer(text)]
    for match in _DATE.finditer(text):
        year, month, day = (int(group) for group in match.groups() if group)
        if not any(start <= match.start() < stop for start, stop in phones):
            found.append((match.span(), year, month, day))
    for match in _HAN_DATE.finditer(text):
        year = int("".join(_DIGITS[character] for character in match[1]))
        found.append((match.span(), year, han_number(match[2]), han_number(match[3])))
    tokens = (_date_token(year, month, day, span=span) for span, year, month, day in sorted(found))
    return tuple(token for token in tokens if token)


def _date_token(year: int, month: int, day: int, *, span: Span) -> DateToken | None:
    try:
        return DateToken(iso=date(year, month, day).isoformat(), span=span)
    except ValueError:
        return None


def find_pages(text: str, *, is_dated: bool) -> tuple[PageToken, ...]:
    """The page numbers in `text` from left to right; forms like `A03` only beside a date, where they can mean no other.

    Example: "第三版" -> 3; "p03" -> 3; "今日四版" -> nothing
    """
    patterns = (*_PAGES, _SECTION_PAGE) if is_dated else _PAGES
    found = {(match.span(), match[1] or "", match[2]) for pattern in patterns for match in pattern.finditer(text)}
    found |= {(match.span(), "", "1") for match in _FRONT_PAGE.finditer(text)}
    tokens: list[PageToken] = []
    last = 0
    for (start, stop), letter, digits in sorted(found, key=lambda item: (item[0][0], -item[0][1])):
        number = int(digits) if digits.isascii() else han_number(digits)
        if start >= last and 1 <= number <= _MAX_PAGE:
            section = letter.lower().replace("a", "")
            tokens.append(PageToken(number=number, section=section, span=(start, stop)))
            last = stop
    return tuple(tokens)


def han_number(text: str) -> int:
    """The number, 1 to 99, that Chinese digits spell; 0 when they spell none.

    Example: "二十一" -> 21; "廿三" -> 23; "十" -> 10
    """
    tens, ten, ones = text.replace("廿", "二十").rpartition("十")
    values = [_DIGITS.get(part, "") for part in (tens or "一" if ten else "", ones or "〇")]
    if ten and len(values[0]) == 1 and len(values[1]) == 1:
        return int(values[0] + values[1])
    return int(values[1]) if not ten and len(values[1]) == 1 else 0


def find_newspaper(text: str) -> str:
    """The newspaper named by one of the words of `text`, as it is written there; "" if none is, or more than one.

    A word is what stands between white space and punctuation marks.

    Example: "安徽工人日报_  _03版" -> "安徽工人日报"; "安全生产月报" -> ""
    """
    words = (_EDITION.sub("", word) for word in _SEPARATORS.split(text))
    names = {word for word in words if is_newspaper(word)}
    return names.pop() if len(names) == 1 else ""


def is_newspaper(word: str) -> bool:
    """True for a word that can only be the name of a newspaper.

    Example: 安徽工人日报, 海埠工聲報 -> True; 工作汇报, 年报, 生产日报 -> False
    """
    view = model_view(word)
    if view in _KNOWN_NEWSPAPERS:
        return True
    return bool(_NEWSPAPER.fullmatch(view)) and not (
        _NO_NEWSPAPER.search(view) or _REPORT.search(view) or _SENTENCE.search(view)
    )


def blank(text: str, spans: Iterable[Span]) -> str:
    """`text` with spaces in these places; same length."""
    characters = list(text)
    for start, stop in spans:
        characters[start:stop] = " " * (stop - start)
    return "".join(characters)


def words_of(text: str) -> list[str]:
    """What stands between white space and punctuation marks."""
    return [word for word in _SEPARATORS.split(text) if word]
