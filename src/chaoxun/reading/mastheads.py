"""The first and last lines of a page to what they say of the issue: newspaper, date and page number as printed.

A line counts only when it can be nothing but a masthead (报头, 版头): a date in a report or under a notice, or 下转
第三版, says nothing about the page.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chaoxun.cleaning.characters import model_view
from chaoxun.reading.tokens import blank, find_dates, find_newspaper, find_pages, is_newspaper, words_of

# Non-blank lines of a page that are looked at: a masthead of five lines above or below was the longest seen.
_TOP_LINES, _BOTTOM_LINES = 5, 4
_TITLE_LINES = 3
"""Where a lone newspaper name or a lone date is the head of the page, not the end of a notice or a source."""
_MAX_CHARS = 90
"""Longer lines are text: the longest mastheads, with editors and telephone numbers, have 80."""

_SECTION_NAMES = """
要闻 综合 综合新闻 新闻 本地新闻 工运 工会 工会新闻 工会生活 时事 时政 国际 国内 天下 体育 文化 文体 副刊 专版
专题 特刊 专刊 广告 公告 理论 评论 言论 社会 民生 经济 财经 产经 健康 卫生 维权 关注 聚焦 视点 周末 周刊 法治
法制 教育 读书 影像 图片 摄影 生活 职工生活 职场 企业 班组 劳模 人物 深度 调查 县区 基层 行业 安全 导读 热点
家庭 情感 娱乐 旅游 美食 科技 农村 区域
"""
SECTIONS = frozenset(_SECTION_NAMES.split())
"""What newspapers call their pages, in the words that stand beside page numbers."""

T = TypeVar("T")

_SPACED_NUMBER = re.compile("(?<=[0-9]) (?=[年月日版])|(?<=[年月第]) (?=[0-9])")
_SPACES = re.compile(" {2,}")
_SIGNALS = re.compile(
    "星期[一二三四五六日天]|农历|第[0-9]{1,6}期|总第|[今每]日[0-9一二三四五六七八九十]{1,3}版|统一(?:连续出版物号|刊号)|邮发代号|国内刊号"
    "|(?:责任编辑|责编|编辑|主编|值班主任|值班总编|美编|美术编辑|版式|校对|组版|照排|检校)[:： ]|新闻热线|本版"
)
_BODY_MARK = re.compile("[。，！？；]")
_BARE_PAGE = re.compile("0?[1-9][0-9]?|00[1-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What a page says of itself; "" and None = nothing, or things that contradict each other."""

    newspaper: str = ""
    date: str = ""
    page: int | None = None


def read_masthead(text: str) -> Masthead:
    """What the first and last lines of the page with this text say.

    Example: "澄川工人报 第3版 副刊" -> newspaper 澄川工人报, page 3
    """
    found = [_read_line(line, is_title=is_title) for line, is_title in _outer_lines(text)]
    return Masthead(
        newspaper=_only([each.newspaper for each in found]) or "",
        date=_only([each.date for each in found]) or "",
        page=_only([each.page for each in found]),
    )


def _only(values: Sequence[T | None]) -> T | None:
    """The value that all who have one agree on."""
    distinct = {value for value in values if value}
    return distinct.pop() if len(distinct) == 1 else None


def _outer_lines(text: str) -> Iterator[tuple[str, bool]]:
    """The outer lines that are short enough, and whether they stand at the head of the page."""
    lines = [line for line in re.split("[\r\n\f]+", text) if not line.isspace() and line]
    for n, line in enumerate(lines):
        is_outer = n < _TOP_LINES or n >= len(lines) - _BOTTOM_LINES
        if is_outer and len(line) <= _MAX_CHARS:
            yield _SPACED_NUMBER.sub("", _SPACES.sub(" ", line.strip())), n < _TITLE_LINES


def _read_line(line: str, *, is_title: bool) -> Masthead:
    view = model_view(_joined(line))
    if _BODY_MARK.search(view):
        return Masthead()
    dates, pages = find_dates(view), find_pages(view, is_dated=False)
    rest = blank(_joined(line), [*(token.span for token in dates), *(token.span for token in pages)])
    newspaper = find_newspaper(rest)
    page = pages[0].number if len(pages) == 1 else None if pages else _bare_page(words_of(view), newspaper)
    n_said = sum(map(bool, (dates, page, newspaper))) + len(_SIGNALS.findall(view))
    is_lone = not words_of(rest) or is_newspaper(rest.strip())
    if n_said < 2 and not (n_said and is_lone and is_title) and not (page and _is_section(rest, newspaper)):
        return Masthead()
    return Masthead(newspaper=newspaper, date=dates[0].iso if len(dates) == 1 else "", page=page)


def _joined(line: str) -> str:
    """`line`, without its spaces when it is a name set with a space after each character.

    Example: "澄 川 工 人 报" -> "澄川工人报"
    """
    words = line.split()
    return "".join(words) if len(words) > 2 and all(len(word) == 1 for word in words) else line


def _bare_page(words: Sequence[str], newspaper: str) -> int | None:
    """The number that begins or ends a line beside the name of a section or of the newspaper.

    Example: "02 要闻" -> 2; "4 综合 2021年2月5日 星期五 澄川工人报" -> 4
    """
    for number, neighbour in (words[:2], words[:-3:-1]) if len(words) > 1 else ():
        is_named = neighbour in SECTIONS or neighbour == model_view(newspaper)
        if _BARE_PAGE.fullmatch(number) and is_named:
            return int(number)
    return None


def _is_section(rest: str, newspaper: str) -> bool:
    """True when nothing but numbers, the names of sections and the newspaper stand beside the page number."""
    words = [word for word in words_of(model_view(rest)) if word != model_view(newspaper)]
    return all(word in SECTIONS or word.isdigit() for word in words)
