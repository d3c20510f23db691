"""A page into its articles: `Page -> tuple[Article, ...]`, in reading order, the rest of the page by kind.

Three stages: lines get roles, roles make drafts of articles, headings go to the drafts they belong to.  Every character
of the page that is not white space ends in the spans of exactly one record.
"""

from collections.abc import Sequence
from dataclasses import replace

from chaoxun.cleaning.characters import model_view
from chaoxun.cleaning.lines import join_headline, join_lines, join_names
from chaoxun.records import Article, ArticleKind, Page, Span
from chaoxun.segmenting import patterns
from chaoxun.segmenting.drafts import Draft, Drafts, draft_articles
from chaoxun.segmenting.headlines import attach_headings
from chaoxun.segmenting.roles import decide_roles, find_ends, score_roles
from chaoxun.segmenting.stream import PrintedLine, build_stream, printed_lines

_MAX_PHOTO = 400
"""Characters of a picture text; the longest on 200 pages of a daily paper had 310."""
_MAX_OPENING = 130
"""Characters of a picture text before the words that point at the picture; the sample issues have 70."""
_NO_BYLINE = ("完", "待续", "未完待续", "续完")


def split_page(page: Page, *, issue_id: str) -> tuple[Article, ...]:
    """All records of a page: articles and photos in reading order, then what stayed unassigned, then furniture."""
    place = issue_id if page.number is None else f"{issue_id}-p{page.number:02d}"
    found: dict[ArticleKind, list[Article]] = {"article": [], "unassigned": [], "furniture": []}
    for lines in _cut_sections(printed_lines(page)):
        for record in _split_section(lines):
            found["article" if record.kind == "photo" else record.kind].append(record)
    return tuple(
        replace(record, id=f"{place}-{letter}{n:02d}", page_number=page.number)
        for letter, kind in _LETTERS
        for n, record in enumerate(found[kind], 1)
    )


_LETTERS: tuple[tuple[str, ArticleKind], ...] = (("a", "article"), ("u", "unassigned"), ("f", "furniture"))
_MAX_LINES = 6_000
"""Printed lines split together.  A crowded broadsheet page has some 800; files of months in one piece are cut, so that
memory and time grow with their length and no faster."""


def _cut_sections(lines: Sequence[PrintedLine]) -> list[Sequence[PrintedLine]]:
    """`lines` in pieces of at most _MAX_LINES, cut where a dateline stands if there is one in the last half of a piece."""
    sections: list[Sequence[PrintedLine]] = []
    at = 0
    while at < len(lines):
        stop = min(at + _MAX_LINES, len(lines))
        if stop < len(lines):
            middle = at + _MAX_LINES // 2
            dated = (n for n in range(stop, middle, -1) if patterns.DATELINE.match(patterns.head_of(lines[n].view)))
            stop = next(dated, stop)
        sections.append(lines[at:stop])
        at = stop
    return sections


def _split_section(lines: Sequence[PrintedLine]) -> list[Article]:
    """The records of lines that follow each other, without ids."""
    stream = build_stream(lines)
    scores = score_roles(stream)
    drafts = draft_articles(lines, decide_roles(scores, ends=find_ends(stream)), scores=scores)
    for draft in drafts.articles:
        _merge_picture_text(draft, lines)
    owners = attach_headings(stream, drafts)
    texts = [line.line.text.strip() for line in lines]
    empty = Article(id="", page_number=None)
    records = [
        _build_article(draft, (lines, drafts, owners, texts), empty, number=n)
        for n, draft in enumerate(drafts.articles)
    ]
    orphans = [heading.line for heading, owner in zip(drafts.headings, owners, strict=True) if owner < 0]
    rest: tuple[tuple[ArticleKind, list[int]], ...] = (("unassigned", orphans), ("furniture", drafts.furniture))
    records += [_build_rest(group, lines, empty, kind=kind) for kind, numbers in rest for group in _runs(numbers)]
    return records


def _merge_picture_text(draft: Draft, lines: Sequence[PrintedLine]) -> None:
    """Let a caption run on from a body that is no more than its beginning (`...举行。图为...`)."""
    body = [k for paragraph in draft.paragraphs for k in paragraph]
    if len(draft.captions) != 1 or draft.bylines or len(draft.paragraphs) > 2 or draft.captions[0][0] != body[-1] + 1:
        return
    caption = draft.captions[0]
    if sum(len(lines[k].view) for k in body) <= _MAX_OPENING and draft.last == caption[-1]:
        draft.paragraphs[-1] += caption
        draft.captions = []


def _build_article(
    draft: Draft,
    page: tuple[Sequence[PrintedLine], Drafts, Sequence[int], Sequence[str]],
    empty: Article,
    *,
    number: int,
) -> Article:
    lines, drafts, owners, texts = page
    headings = _group_headings(drafts, owners, number=number)
    kicker, headline, subtitle = name_headings([join_headline([texts[k] for k in heading]) for heading in headings])
    below = join_headline([texts[k] for k in draft.subtitles])
    pieces = [[texts[k] for k in paragraph] for paragraph in draft.paragraphs]
    kind, signed = _cut_signature(pieces)
    bylines = [join_names(texts[k]).strip("（）() □■◎●○") for k in draft.bylines]
    used = [*draft.paragraphs, *draft.captions, *headings, draft.bylines, draft.subtitles]
    return replace(
        empty,
        kind=kind,
        kicker=kicker,
        headline=headline,
        subtitle=" ".join(filter(None, (subtitle, below))),
        byline=" ".join(filter(None, (*bylines, signed))),
        paragraphs=tuple(filter(None, map(join_lines, pieces))),
        captions=tuple(filter(None, (join_lines([texts[k] for k in caption]) for caption in draft.captions))),
        spans=_spans([k for group in used for k in group], lines),
    )


def _group_headings(drafts: Drafts, owners: Sequence[int], *, number: int) -> list[list[int]]:
    """The heading lines of one article, those that run on from each other in one group."""
    groups: list[list[int]] = []
    for heading, owner in zip(drafts.headings, owners, strict=True):
        if owner == number and groups and heading.follows and heading.runs_on > 0:
            groups[-1].append(heading.line)
        elif owner == number:
            groups.append([heading.line])
    return groups


def name_headings(headings: Sequence[str]) -> tuple[str, str, str]:
    """Kicker, headline and subtitle of the headings of one article, in reading order.

    A line that opens with a dash is a subtitle, also where the headline above it was lost.

    Example: ("某市总工会", "三百万元送温暖", "——某市工会综述") -> ("某市总工会", "三百万元送温暖", "——某市工会综述")
    """
    main = [heading for heading in headings if not patterns.DASH_START.match(model_view(heading))]
    dashed = [heading for heading in headings if patterns.DASH_START.match(model_view(heading))]
    return " ".join(main[:-1]), "".join(main[-1:]), " ".join(dashed)


def _cut_signature(pieces: list[list[str]]) -> tuple[ArticleKind, str]:
    """Kind and byline by the end of the last paragraph; the byline is taken off `pieces`."""
    raw = "".join(pieces[-1])
    tail = raw[-patterns.REACH :]
    view = model_view(tail)
    n_chars = sum(len(piece) for paragraph in pieces for piece in paragraph)
    credit = patterns.CREDIT.search(view)
    is_photo = credit is not None and len(pieces) <= 2 and n_chars <= _MAX_PHOTO
    match = credit if is_photo else patterns.BYLINE_TAIL.search(view)
    if match is None or match["who"] in _NO_BYLINE or (len(pieces) == 1 and len(raw) - len(tail) + match.start() < 1):
        return "article", ""
    keep = len(raw) - len(tail) + match.end("gap")
    signed = join_names(tail[match.start("who") : match.end()].rstrip("）)"))
    for k, piece in enumerate(pieces[-1]):
        pieces[-1][k], keep = piece[: max(keep, 0)], keep - len(piece)
    return ("photo" if is_photo else "article"), signed


def _build_rest(group: Sequence[int], lines: Sequence[PrintedLine], empty: Article, *, kind: ArticleKind) -> Article:
    paragraphs = tuple(filter(None, (join_names(lines[k].line.text) for k in group)))
    return replace(empty, kind=kind, paragraphs=paragraphs, spans=_spans(group, lines))


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """The numbers in order, those that follow each other in one group."""
    groups: list[list[int]] = []
    for n in sorted(numbers):
        if groups and groups[-1][-1] == n - 1:
            groups[-1].append(n)
        else:
            groups.append([n])
    return groups


def _spans(numbers: Sequence[int], lines: Sequence[PrintedLine]) -> tuple[Span, ...]:
    """The characters of printed lines, one span for lines that follow each other."""
    return tuple((lines[group[0]].span[0], lines[group[-1]].span[1]) for group in _runs(numbers))
