"""Pages with known truth, put together from real articles of a corpus the way print and PDF extraction do it.

`Composer(pool).compose(rng, held_out=...)` -> `ComposedPage`: the text of a page, its true articles, and for every
line that is not blank its role and article.  Everything is drawn from the given generator: same seed, same page.
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from page_habits import Habits, draw_byline, draw_dateline, draw_furniture, draw_habits, draw_name
from page_lines import PrintedLine, blank_lines, print_headline, print_paragraphs

_WEB_TAIL = re.compile(r"[(（]完[)）]|【[^】]{0,20}编辑[^】]{0,20}】|[(（]视频编辑[^)）]{0,60}[)）]")
OWN_DATELINE = re.compile(
    r"^(?:本报|据?新华社|中新[网社]|央视网|[^，。]{2,6}[网报]讯)[^，。（(]{0,24}(?:电|讯|消息)?[ 　]*"
    r"(?:[（(][^）)]{0,40}[）)])?[：: 　]*"
)
_OWN_BYLINE = re.compile(r"[（(][^（）()，。！？]{2,24}[）)]$")
_LEADING_BYLINE = re.compile(r"^(?:本报|新华社)?(?:驻\S{2,6})?记者[^，。]{2,20}$")


# The first organisation that a text names: union papers print it above the headline.
_ORGANISATION = re.compile(
    r"(?:^|[，。、“（：\n]|由|在|日)(?P<name>[^，。、“”（）：；\n\d]{3,12}?(?:总工会|工会|公司|集团|大学|学院|医院|法院|协会|中心|局))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolArticle:
    """A real article to print."""

    title: str
    text: str
    page: str
    """Which newspaper page it stood on; "" = not known."""
    theme: str


@dataclass(slots=True, kw_only=True)
class TrueArticle:
    """What a perfect splitter returns; `headline` holds all printed headline lines but the subtitle."""

    kind: str = "article"
    headline: str = ""
    subtitle: str = ""
    byline: str = ""
    paragraphs: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedPage:
    """A page and its truth."""

    text: str
    habits: Habits
    articles: tuple[TrueArticle, ...]
    lines: tuple[PrintedLine, ...]
    """The lines that are not blank, in page order."""


def clean_article(*, title: str, text: str, page: str = "", theme: str = "") -> PoolArticle | None:
    """The article without web ornaments, or None when it is no newspaper text."""
    paragraphs = [_WEB_TAIL.sub("", " ".join(p.split())).strip() for p in text.split("\n")]
    if paragraphs and "".join(paragraphs[0].split()) in "".join(title.split()):
        paragraphs = paragraphs[1:]  # web pages repeat the headline above the text
    text = "\n".join(p for p in paragraphs if p)
    n_body = len(text)
    is_news = 70 <= n_body <= 2600 and 0 < len(title) <= 90 and text[-1] in "。！？”）)"
    if not is_news or "阅读下一篇" in text or "字号：" in text or _is_bundle(title, text):
        return None
    return PoolArticle(title=title.strip(), text=text, page=page, theme=theme)


def _is_bundle(title: str, text: str) -> bool:
    """True for several short items under one title: where one of them begins, a splitter is right to begin an article."""
    later = text.split("\n")[1:]
    return "快讯" in title or "简讯" in title or any(OWN_DATELINE.match(paragraph) for paragraph in later)


class Composer:
    """Composes pages from a pool of articles."""

    def __init__(self, pool: Sequence[PoolArticle]) -> None:
        self.pool = list(pool)
        self.by_page: dict[str, list[PoolArticle]] = defaultdict(list)
        self.by_theme: dict[str, list[PoolArticle]] = defaultdict(list)
        for article in self.pool:
            if article.page:
                self.by_page[article.page].append(article)
            if article.theme:
                self.by_theme[article.theme].append(article)
        self.pages = [key for key, group in self.by_page.items() if len(group) >= 3]
        self.themes = [key for key, group in self.by_theme.items() if len(group) >= 8]

    def compose(self, rng: random.Random, *, held_out: bool = False) -> ComposedPage:
        """One page drawn from `rng`."""
        habits = draw_habits(rng, held_out=held_out)
        chosen = self._choose(rng, habits)
        if rng.random() < habits.twice:
            chosen.insert(rng.randrange(len(chosen) + 1), rng.choice(chosen))
        truth: list[TrueArticle] = []
        blocks: list[list[PrintedLine]] = []
        displaced: list[list[PrintedLine]] = []
        for article in chosen:
            _print_article(article, rng, (habits, len(truth)), truth, blocks, displaced)
        if rng.random() < habits.photos:
            _print_photo(rng.choice(self.pool), rng, (habits, len(truth)), truth, blocks, displaced)
        lines = _arrange(blocks, displaced, rng, habits)
        return ComposedPage(
            text=blank_lines(lines, rng, habits), habits=habits, articles=tuple(truth), lines=tuple(lines)
        )

    def _choose(self, rng: random.Random, habits: Habits) -> list[PoolArticle]:
        n = rng.choice((1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 10))
        if habits.page_mates == "page" and self.pages:
            group = self.by_page[rng.choice(self.pages)]
        elif habits.page_mates == "theme" and self.themes:
            group = self.by_theme[rng.choice(self.themes)]
        else:
            group = self.pool
        chosen = rng.sample(group, min(n, len(group)))
        return [_shorten(article, rng) for article in chosen] if habits.short else chosen


def _shorten(article: PoolArticle, rng: random.Random) -> PoolArticle:
    """The first paragraphs of a long article; a real byline at its end stays."""
    paragraphs = article.text.split("\n")
    n = rng.randint(1, 5)
    if len(paragraphs) <= n or len(article.text) < 250:
        return article
    kept = paragraphs[:n] if len("".join(paragraphs[:n])) > 70 else paragraphs[: n + 2]
    while len(kept) > 1 and kept[-1][-1] not in "。！？”":
        kept.pop()
    return replace(article, text="\n".join(kept)) if kept[-1][-1] in "。！？”" else article


def _print_article(
    article: PoolArticle, rng: random.Random, page: tuple[Habits, int],
    truth: list[TrueArticle], blocks: list[list[PrintedLine]], displaced: list[list[PrintedLine]],
) -> None:  # fmt: skip
    habits, owner = page
    true = TrueArticle()
    kickers, headline, subtitle = _title_lines(article.title, rng, habits)
    organisation = _ORGANISATION.search(article.text)
    if not kickers and organisation and rng.random() < habits.organisation_kickers:
        kickers = [organisation.group("name")]
    top_byline, true.byline, paragraphs = split_own_bylines(article.text.split("\n"))
    paragraphs = _open(paragraphs, rng, habits)
    if rng.random() < habits.run_in_heads:
        paragraphs = [paragraphs[0], *(_run_in_head(paragraph, rng) for paragraph in paragraphs[1:])]
    place = habits.byline_place if habits.byline_place != "mixed" else rng.choice(("end", "line", "right", "top"))
    if not true.byline and rng.random() < habits.byline:
        true.byline = draw_byline(rng)
        if place == "top":
            top_byline = rng.choice(("", "□ ", "■ ", "◎")) + true.byline
    paragraphs, caption = _take_caption(paragraphs, rng, habits)
    true.paragraphs = paragraphs
    runs_in = bool(true.byline) and not top_byline and place == "end" and rng.random() < habits.bylines_run_in
    printed = [*paragraphs[:-1], paragraphs[-1] + _bracket(true.byline, rng)] if runs_in else paragraphs
    body = print_paragraphs(printed, rng, habits, owner=owner, bullets=habits.bullets)
    if true.byline and not top_byline and not runs_in:
        _print_byline(body, true.byline, rng, place)
    if caption:
        true.captions.append(caption)
        body = _insert_caption(body, caption, rng, habits, owner)
    head = [line for text in (*kickers, headline) for line in print_headline(text, rng, habits, owner=owner)]
    top = [PrintedLine(text=top_byline, role="Y", owner=owner)] if top_byline else []
    if subtitle:
        true.subtitle = subtitle
        printed = print_headline(subtitle, rng, replace(habits, head_spaces=0), owner=owner)
        if rng.random() < 0.5:
            body += [replace(line, role="T" if n == 0 else "h") for n, line in enumerate(printed)]
        else:
            head += printed
    if rng.random() < habits.headline_lost:
        head = []
        if subtitle and (not body or body[-1].role not in "Th"):
            true.subtitle = ""
    else:
        true.headline = "".join((*kickers, headline))
    place = habits.headline_place if habits.headline_place != "mixed" else rng.choice(("before", "end", "after"))
    if place == "before":
        body = head + top + body
    elif place == "after":
        body = top + body + head
    else:
        body = top + body
        displaced.append(head)
    truth.append(true)
    blocks.append(body)


def _title_lines(title: str, rng: random.Random, habits: Habits) -> tuple[list[str], str, str]:
    lines = [line.strip() for line in title.split("\n") if line.strip()]
    subtitle = ""
    if len(lines) > 1 and lines[-1].startswith("——"):
        subtitle = lines.pop()
    if len(lines) == 1 and " " in lines[0] and len(lines[0]) > 16 and rng.random() < 0.5:
        lines = lines[0].split(" ", 1)
    elif len(lines) == 1 and "：" in lines[0][2:9] and rng.random() < 0.3:
        lines = lines[0].split("：", 1)
    if not subtitle and rng.random() < habits.subtitles:
        subtitle = "——" + rng.choice(("记{}事", "{}工作综述", "{}侧记", "{}纪实", "写在{}之际", "来自{}的报道")).format(
            lines[-1][:10]
        )
    return lines[:-1], lines[-1], subtitle


def split_own_bylines(paragraphs: Sequence[str]) -> tuple[str, str, list[str]]:
    """The byline that a real article brings along: the line above the body, the byline, the paragraphs without it."""
    paragraphs = list(paragraphs)
    if _LEADING_BYLINE.match(paragraphs[0]) and len(paragraphs) > 1:
        return paragraphs[0], paragraphs[0], paragraphs[1:]
    last = paragraphs[-1]
    match = _OWN_BYLINE.search(last)
    if match and match.start() == 0 and len(paragraphs) > 1:
        return "", match.group()[1:-1], paragraphs[:-1]
    if match and last[: match.start()].endswith(("。", "！", "”", "？")):
        return "", match.group()[1:-1], [*paragraphs[:-1], last[: match.start()]]
    return "", "", paragraphs


def _run_in_head(paragraph: str, rng: random.Random) -> str:
    """The paragraph behind a head of 8 to 22 characters made from its own longest clause, if it has one that long."""
    clauses = [clause for clause in re.split(r"[，。；：、！？“”（）《》]", paragraph) if 8 <= len(clause) <= 22]
    return f"{rng.choice(clauses)}。{paragraph}" if clauses and len(paragraph) > 60 else paragraph


def _open(paragraphs: list[str], rng: random.Random, habits: Habits) -> list[str]:
    first = paragraphs[0]
    match = OWN_DATELINE.match(first)
    bare = first[match.end() :] if match and len(first) - match.end() > 20 else first
    if rng.random() < habits.dateline:
        first = first if bare != first and rng.random() < 0.4 else draw_dateline(rng) + bare
    elif rng.random() < 0.85:
        first = bare
    return [first, *paragraphs[1:]]


def _print_byline(body: list[PrintedLine], byline: str, rng: random.Random, place: str) -> None:
    last = body[-1]
    if place in ("end", "top"):
        body[-1] = replace(last, text=last.text + rng.choice(("", " ", "  ", "　　")) + _bracket(byline, rng))
        return
    is_plain = byline.startswith(("本报", "记者", "通讯员", "文/")) and rng.random() < 0.6
    marked = byline if is_plain else _bracket(byline, rng)
    body.append(
        PrintedLine(text=(" " * rng.randint(2, 30) if place == "right" else "") + marked, role="Y", owner=last.owner)
    )


def _bracket(byline: str, rng: random.Random) -> str:
    left, right = rng.choice(("（）", "（）", "（）", "()", "(）"))
    return left + byline + right


def _take_caption(paragraphs: list[str], rng: random.Random, habits: Habits) -> tuple[list[str], str]:
    """A sentence out of the body as a caption, and the body without it: a caption says what the text does not say."""
    rich = [
        n for n, paragraph in enumerate(paragraphs) if n > 0 and paragraph.count("。") > 2 and paragraph[-1] == "。"
    ]
    if rng.random() >= habits.captions or not rich:
        return paragraphs, ""
    n = rng.choice(rich)
    sentences = re.split(r"(?<=。)", paragraphs[n].removesuffix("。"))
    sentence = sentences.pop(rng.randrange(1, len(sentences)))[:70].rstrip("。，；") + "。"
    left = "".join(sentences).rstrip("。") + "。"
    credit = rng.choice(
        ("{} 摄", "{}/摄", "（{} 摄）", "本报记者 {} 摄", "（资料图片）", "", "{}供图", "新华社记者 {}摄")
    )
    caption = rng.choice(("图为", "图为", "上图：", "")) + sentence + credit.format(draw_name(rng))
    if not credit and not caption.startswith(("图为", "上图")):
        caption = "图为" + caption
    return [*paragraphs[:n], left, *paragraphs[n + 1 :]], caption


def _insert_caption(
    body: list[PrintedLine], caption: str, rng: random.Random, habits: Habits, owner: int
) -> list[PrintedLine]:
    printed = print_paragraphs(
        [caption], rng, replace(habits, indent=rng.choice(("", "　　"))), owner=owner, bullets=False
    )
    printed = [replace(printed[0], role="C"), *printed[1:]]
    starts = [n for n, line in enumerate(body) if line.role in "P" and n > 0] or [len(body)]
    where = rng.choice([*starts, len(body), rng.randrange(1, len(body) + 1)])
    return body[:where] + printed + body[where:]


def _print_photo(
    article: PoolArticle, rng: random.Random, page: tuple[Habits, int],
    truth: list[TrueArticle], blocks: list[list[PrintedLine]], displaced: list[list[PrintedLine]],
) -> None:  # fmt: skip
    habits, owner = page
    text = OWN_DATELINE.sub("", article.text.split("\n")[0])
    sentences = re.split(r"(?<=。)", text)
    body_text = ""
    while sentences and len(body_text) < 60:
        body_text += sentences.pop(0)
    if not 50 <= len(body_text) <= 260 or not body_text.endswith("。"):
        return
    if rng.random() < 0.3 and body_text.count("。") > 1:
        at = body_text.index("。") + 1
        body_text = body_text[:at] + rng.choice(("图为", "上图为", "图为现场，")) + body_text[at:]
    name = draw_name(rng)
    byline = rng.choice(
        (f"{name}/摄", f"{name} 摄", f"{name}摄", f"本报记者 {name} 摄", f"{name} 摄影报道", f"通讯员 {name} 摄影报道")
    )
    true = TrueArticle(kind="photo", byline=byline, paragraphs=[body_text])
    body = print_paragraphs([body_text], rng, habits, owner=owner, bullets=False)
    left, right = rng.choice(("  ", "（）", "  ", "()"))
    credit = rng.choice(("", " ", "  ")) + (left + byline + right).rstrip()
    body[-1] = replace(body[-1], text=body[-1].text + credit)
    short = re.split(r"[ 　，：\n]", article.title)[-1][:12]
    head = print_headline(short, rng, replace(habits, head_spaces=0.5), owner=owner, scramble=True)
    if rng.random() < habits.headline_lost:
        head = []
    else:
        true.headline = short
    if habits.headline_place in ("before", "mixed"):
        body = head + body
    elif habits.headline_place == "after":
        body = body + head
    else:
        displaced.append(head)
    truth.append(true)
    blocks.append(body)


def _arrange(
    blocks: list[list[PrintedLine]], displaced: list[list[PrintedLine]], rng: random.Random, habits: Habits
) -> list[PrintedLine]:
    if len(blocks) > 1 and rng.random() < 0.5:  # the photo need not come last
        blocks.insert(rng.randrange(len(blocks)), blocks.pop())
    if habits.shuffle:
        rng.shuffle(displaced)
    if habits.headline_place == "start":
        blocks = [*displaced, *blocks]
    elif rng.random() < 0.85 or len(blocks) < 2:
        blocks = [*blocks, *displaced]
    else:
        where = rng.randrange(1, len(blocks))
        blocks = [*blocks[:where], *displaced, *blocks[where:]]
    for share in (1.0, 0.5, 0.25):
        if rng.random() < habits.furniture * share:
            furniture = [PrintedLine(text=text, role="F", owner=-1) for text in draw_furniture(rng)]
            blocks.insert(rng.choice((0, 0, len(blocks), rng.randrange(len(blocks) + 1))), furniture)
    return [line for block in blocks for line in block]
