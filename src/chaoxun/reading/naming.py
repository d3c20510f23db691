"""Where a file lies, what it is called and how its pages begin and end: newspaper, date, page numbers and issue id.

For newspaper and date a path is believed before a masthead, a file name before a folder; for a page number what the
page prints.  What none of them says stays empty: a wrong date is worse than none.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chaoxun.cleaning.characters import model_view
from chaoxun.reading.mastheads import SECTIONS, Masthead, read_masthead
from chaoxun.reading.slugs import join_slugs, name_bytes, newspaper_slug, slug
from chaoxun.reading.tokens import DateToken, PageToken, blank, find_dates, find_newspaper, find_pages, words_of
from chaoxun.records import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What is known of an issue and its pages."""

    issue_id: str
    newspaper: str
    date: str
    page_numbers: tuple[int | None, ...]
    """One a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathName:
    """What a path says."""

    newspaper: str = ""
    date: str = ""
    page: int | None = None
    section: str = ""
    """Letter of a part of the issue behind the first."""
    folder_rest: tuple[str, ...] = ()
    """What is left of the folders (those below what was given, and those that bear the date), outermost first."""
    stem_rest: tuple[str, ...] = ()
    """The words that are left of the file name."""


_SUFFIX = re.compile(r"\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,5}$")
# Dates beside these say when something was done with the file, not when the page was printed.
_OPERATION = re.compile(
    "(?<![a-z])(?:backup|bak|copy|export|exported|import|scan|scans|scanned|ocr|download|downloads|upload|uploads|tmp|temp"
    "|draft|log|logs|report|photo|photos|img|image)(?![a-z])|备份|副本|导出|扫描|下载|上传|修改|整理|打印|截图|导入|录入"
)
_CLOCK = re.compile("[-_ T]?(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?(?![0-9])")
# Initials of a newspaper as files of its electronic edition have them: pinyin of a name that ends in 报.
_CODE = re.compile("[a-z]{1,7}b")
_NO_CODES = frozenset({"job", "lab", "web", "pub", "db", "sub", "tab", "thumb", "github", "club", "blob", "grab"})
_BARE_PAGE = re.compile("0?[1-9][0-9]?|00[1-9]")
_LETTER = re.compile(r"[^\W\d_]")


def name_issue(*, display: str, relative: str, pages: Sequence[str]) -> Naming:
    """What path and mastheads say of an issue with pages of these texts.

    display: the path as given.  relative: the path relative to what was given, which ids are made from.

    Example: display="安徽工人报/2021-01-22/03.txt" -> ahgrb-2021-01-22, 安徽工人报, 2021-01-22, page 3
    """
    path = read_path(display, relative=relative)
    mastheads = [read_masthead(text) for text in pages]
    newspaper = path.newspaper or _agreed([masthead.newspaper for masthead in mastheads])
    date = path.date or _agreed([masthead.date for masthead in mastheads])
    numbers = _page_numbers(path, mastheads)
    issue_id = _issue_id(path, newspaper=newspaper, date=date, has_page=any(numbers), relative=relative)
    return Naming(issue_id=issue_id, newspaper=newspaper, date=date, page_numbers=numbers)


def _agreed(values: Sequence[str]) -> str:
    distinct = {value for value in values if value}
    return distinct.pop() if len(distinct) == 1 else ""


def _page_numbers(path: PathName, mastheads: Sequence[Masthead]) -> tuple[int | None, ...]:
    """What each page prints; the path's number for the first page, when no page of the file prints any.

    A file named after one page may hold others, so beside printed numbers the name says nothing about the rest.

    Example: 03版.txt whose pages print nothing -> (3, None); whose pages print nothing and 4 -> (None, 4)
    """
    printed = tuple(masthead.page for masthead in mastheads)
    if not printed or path.page is None or any(printed):
        return printed
    return (path.page, *printed[1:])


def _issue_id(path: PathName, *, newspaper: str, date: str, has_page: bool, relative: str) -> str:
    """Newspaper and date; in place of an unknown newspaper what else is in the path, so that two papers of one day
    stay apart.  Without a date the whole path.

    Example: "AHGRB20210122A03.txt" -> ahgrb-2021-01-22
    """
    if not date:
        *folders, name = _components(relative) or [""]
        return join_slugs([*map(slug, folders), slug(_stem(name))], whole=relative)
    words = [slug(word) for word in path.stem_rest if not has_page or _may_be_origin(word)]
    origin = [newspaper_slug(newspaper)] if newspaper else [*map(slug, path.folder_rest), *words]
    # Where no page number does it, the rest of the name tells the files of one issue apart.
    parts = dict.fromkeys([*origin, date, *([] if has_page else words)])
    return join_slugs([*parts, path.section if has_page else ""], whole=relative)


def _may_be_origin(word: str) -> bool:
    """False for what tells pages apart, not newspapers: numbers and the names of sections."""
    return bool(_LETTER.search(word)) and model_view(word) not in SECTIONS


def read_path(display: str, *, relative: str) -> PathName:
    """What a path as given says, without looking into the file.

    Example: "安徽工人日报_20210122_03版.txt" -> 安徽工人日报, 2021-01-22, page 3
    """
    components = _components(display)
    if not components:
        return PathName()
    components[-1] = _stem(components[-1])
    found = _path_date(components)
    blanked, dated = _without(components, [found.span] if found else [])
    pages = [find_pages(model_view(text), is_dated=found is not None) for text in blanked]
    rests = [blank(text, [page.span for page in tokens]) for text, tokens in zip(blanked, pages, strict=True)]
    newspaper = _path_newspaper(rests, may_be_stem=bool(found or pages[-1]))
    rests = [rest.replace(newspaper, " ") if newspaper else rest for rest in rests]
    page = _path_page(pages, rests, is_dated=found is not None)
    n_outside = len(components) - len(_components(relative))
    return PathName(
        newspaper=newspaper,
        date=found.iso if found else "",
        page=page.number if page else None,
        section=page.section if page else "",
        folder_rest=tuple(r.strip() for n, r in enumerate(rests[:-1]) if n >= n_outside or n in dated),
        stem_rest=tuple(words_of(rests[-1])),
    )


def _components(path: str) -> list[str]:
    """The folders and the name in `path`, whatever bytes they are written in on the disk."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        path = name_bytes(path).decode("gb18030", "replace")
    parts = re.split(r"[/\\]" if os.sep == "\\" else "/", path)
    return [part for part in parts if part not in ("", ".", "..") and not part.endswith(":")]


def _stem(name: str) -> str:
    return _SUFFIX.sub("", name)


def _path_date(components: Sequence[str]) -> DateToken | None:
    """The date nearest to the file name that can only be the day of print; the span counts in the joined path."""
    joined = model_view("/".join(components))
    stem_start = len(joined) - len(components[-1])
    dates = find_dates(joined)
    if len({token.iso for token in dates if token.span[0] >= stem_start}) > 1:
        return None
    for token in reversed(dates):
        if token.span[0] >= stem_start:
            return token if _is_printing_date(joined, token.span) else None
        if _is_date_folder(components, token.span, reaches_stem=token.span[1] > stem_start):
            return token
    return None


def _is_printing_date(joined: str, span: Span) -> bool:
    """False when the file name speaks of copying or of a time of day, unless it names newspaper or page as well."""
    stem = joined[joined.rfind("/") + 1 :]
    rest = blank(joined, [span])[joined.rfind("/") + 1 :]
    if find_newspaper(rest) or find_pages(rest, is_dated=False):
        return True
    return not _OPERATION.search(stem.lower()) and not _CLOCK.match(joined, span[1])


def _is_date_folder(components: Sequence[str], span: Span, *, reaches_stem: bool) -> bool:
    """True when the folders that bear the date bear nothing else but a newspaper's name."""
    blanked, touched = _without(components, [span])
    folders = [n for n in touched if n < len(components) - 1 or not reaches_stem]
    return all(_is_origin(blanked[n]) for n in folders)


def _is_origin(rest: str) -> bool:
    words = words_of(rest)
    return not words or bool(find_newspaper(rest)) or (len(words) == 1 and _is_code(words[0]))


def _is_code(word: str) -> bool:
    return word.lower() not in _NO_CODES and bool(_CODE.fullmatch(word.lower()))


def _without(components: Sequence[str], spans: Sequence[Span]) -> tuple[list[str], list[int]]:
    """The components with these spans of the joined path blanked, and the numbers of those that were touched."""
    blanked, touched, start = [], [], 0
    for n, component in enumerate(components):
        stop = start + len(component)
        inner = [(max(a, start) - start, min(b, stop) - start) for a, b in spans if a < stop and b > start]
        blanked.append(blank(component, inner))
        touched += [n] if inner else []
        start = stop + 1
    return blanked, touched


def _path_newspaper(rests: Sequence[str], *, may_be_stem: bool) -> str:
    """The newspaper named nearest to the file name; by the name itself only beside a date or page number."""
    names = (find_newspaper(rest) for rest in reversed(rests if may_be_stem else rests[:-1]))
    return next((name for name in names if name), "")


def _path_page(pages: Sequence[Sequence[PageToken]], rests: Sequence[str], *, is_dated: bool) -> PageToken | None:
    """The page that the file name gives, else its folder; a bare number only beside a date, and alone but for a section
    and the initials of the newspaper.
    """
    if pages[-1]:
        distinct = {(token.number, token.section) for token in pages[-1]}
        return pages[-1][0] if len(distinct) == 1 else None
    words = [
        word
        for word in re.split("[_ -]+", rests[-1])
        if word and model_view(word) not in SECTIONS and not _is_code(word)
    ]
    if is_dated and len(words) == 1 and _BARE_PAGE.fullmatch(words[0]):
        return PageToken(number=int(words[0]), section="", span=(0, 0))
    if len(pages) > 1 and len(pages[-2]) == 1 and not words_of(rests[-2]):
        return pages[-2][0]
    return None
