"""How a newspaper and its PDF extractor print: the random habits that composed pages follow, each in a family.

A `Habits` value is drawn once a page, so that the lines of a page agree with each other and pages differ.  Families
named in `held_out` never occur in pages drawn for fitting; `benchmarks/pages.py` reports on them apart.
"""

import random
from dataclasses import dataclass

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢傅钟姜崔谭"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华慧巧美琳雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉建国志文晓东海燕新宇浩然"
)
COLUMN_HEADS = [
    "工运",
    "职工",
    "基层",
    "劳动",
    "工会",
    "维权",
    "匠心",
    "班组",
    "车间",
    "时代",
    "一线",
    "江州",
    "文化",
    "生活",
    "民生",
    "先锋",
    "普法",
    "身边",
    "百姓",
    "我们的",
    "新春",
    "夏日",
    "金秋",
]
COLUMN_TAILS = [
    "潮头",
    "视窗",
    "广角",
    "纵横",
    "动态",
    "之声",
    "之窗",
    "天地",
    "在线",
    "风采",
    "园地",
    "故事",
    "速递",
    "短波",
    "观察",
    "驿站",
    "风景线",
    "传真",
    "论坛",
    "花絮",
    "大家谈",
]
PAPERS = ("东江工人报", "华城日报", "南山时报", "江州工会报", "白河劳动报", "云岭职工报", "北原晚报", "青川新报")
FEEDS = (
    *(
        "本报讯",
        "本报讯",
        "本报讯",
        "【本报讯】",
        "■本报讯",
        "△本报讯",
        "（本报讯）",
        "本报消息",
        "快讯",
        "本网讯",
        "中工网讯",
    ),
    *("江州日报讯", "白河工会讯", "新华社江州{d}电", "据新华社北京{d}电", "本报江州{d}电", "本报{d}讯"),
)
PLACES = ("before", "before", "before", "end", "end", "start", "mixed", "mixed")
HELD_OUT = ("bullets", "headlines_after", "zigzag", "latin_width", "no_blank_tight")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """One page's habits."""

    family: str
    """"plain", or the one unusual family this page shows."""
    width: tuple[int, int]
    """Lowest and highest column width in full-width characters."""
    width_changes: float
    """Probability that an article changes its column width midway, and then once more, and so on."""
    broken_lines: float
    """Probability that a printed line comes out as two."""
    indent: str
    """"" stripped and flush, "narrow" stripped but the line shorter by two, else the printed indent."""
    blank: str
    """Blank lines: "each" line, "none", "paragraph", "article", "headline"."""
    blank_noise: float
    """Probability that a blank line is missing, or (at a quarter of it) stands where none should."""
    hang: bool
    """Forbidden line starts hang over the end of the line before; otherwise a character moves down with them."""
    keep_numbers: bool
    half_width: float
    """Columns that an ASCII character takes."""
    dateline: float
    """Share of articles that open with a feed name."""
    short: bool
    """Articles are cut to their first paragraphs, as short as union news is."""
    indent_noise: float
    """Probability that a line stands one or two spaces in for no reason."""
    byline: float
    byline_place: str
    """"end" of the last line, own "line", "right" set own line, "top" before the body."""
    bylines_run_in: float
    """Share of the bylines at the end that are set as part of the last paragraph, and broken with it."""
    headline_place: str
    """"before", "end", "start", "mixed", "after"."""
    headline_lost: float
    headline_width: tuple[int, int]
    shuffle: bool
    """Displaced headlines lose their order."""
    organisation_kickers: float
    """Share of headlines printed below the name of an organisation from their text."""
    subtitles: float
    captions: float
    photos: float
    furniture: float
    digit_spaces: float
    fullwidth_digits: bool
    head_spaces: float
    """Probability that a headline is letter-spaced or that its pieces are scrambled (photos)."""
    run_in_heads: float
    """Probability that the paragraphs of an article open with a short sentence that serves as their head."""
    twice: float
    """Probability that an article is printed twice."""
    bullets: bool
    page_mates: str
    """Articles of the same "page" of a paper, of one "theme", or "any"."""


def draw_habits(rng: random.Random, *, held_out: bool) -> Habits:
    """The habits of one page.  `held_out`: exactly one of the families that fitting never sees."""
    family = rng.choice(HELD_OUT) if held_out else "plain"
    low = rng.choice((10, 12, 14, 16, 18, 20, 22, 24, 28, 33))
    return Habits(
        family=family,
        width=(low, low) if rng.random() < 0.35 else (low, min(40, low + rng.choice((2, 5, 9, 16, 25)))),
        width_changes=0.9 if family == "zigzag" else rng.choice((0, 0, 0.15, 0.5, 0.7)),
        broken_lines=rng.choice((0, 0, 0, 0.01, 0.04)),
        indent="" if family == "no_blank_tight" else rng.choice(("narrow", "narrow", "narrow", "　　", "    ", " ", "", "  ")),
        blank="none" if family == "no_blank_tight" else rng.choice(("each", "each", "each", "none", "none", "paragraph", "article", "headline")),
        blank_noise=rng.choice((0, 0, 0.03, 0.1, 0.25)),
        hang=rng.random() < 0.5,
        keep_numbers=rng.random() < 0.7,
        half_width=1.0 if family == "latin_width" else rng.choice((0.5, 0.5, 0.5, 0.6, 1.0)),
        short=rng.random() < 0.6,
        indent_noise=rng.choice((0, 0, 0, 0.03, 0.1)),
        dateline=rng.choice((0, 0.15, 0.4, 0.7, 0.7, 1.0)),
        byline=rng.choice((0, 0.3, 0.6, 0.8, 1.0)),
        byline_place=rng.choice(("end", "end", "end", "line", "right", "top", "mixed")),
        bylines_run_in=rng.choice((0, 0.3, 1.0)),
        headline_place="after" if family == "headlines_after" else rng.choice(PLACES),
        headline_lost=rng.choice((0, 0, 0.15, 0.35, 0.7)),
        headline_width=rng.choice(((6, 10), (8, 14), (12, 20), (30, 40), (30, 40), (16, 24))),
        shuffle=rng.random() < 0.5,
        organisation_kickers=rng.choice((0, 0, 0, 0.3, 0.8)),
        subtitles=rng.choice((0, 0, 0.2, 0.5)),
        captions=rng.choice((0, 0, 0.15, 0.4)),
        photos=rng.choice((0, 0, 0.3, 0.7, 1.0)),
        furniture=rng.choice((0, 0.4, 0.8, 1.0)),
        digit_spaces=rng.choice((0, 0, 0, 0.3, 0.8)),
        fullwidth_digits=rng.random() < 0.12,
        head_spaces=rng.choice((0, 0, 0.15, 0.5)),
        run_in_heads=rng.choice((0, 0, 0, 0.15, 0.4)),
        twice=0.02,
        bullets=family == "bullets",
        page_mates=rng.choice(("page", "page", "theme", "theme", "any")),
    )  # fmt: skip


def draw_name(rng: random.Random) -> str:
    """An invented person's name, sometimes spaced as print spaces two-character names."""
    name = rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))
    return name[0] + " " + name[1] if len(name) == 2 and rng.random() < 0.4 else name


def draw_byline(rng: random.Random) -> str:
    """Who wrote it, without brackets."""
    one, two = draw_name(rng), draw_name(rng)
    unit = rng.choice(("宣教部", "权益部", "市总工会", "江州工会", "办公室", "县总 供稿", "经济部", "区总工会"))
    forms = (one, one, f"{one} {two}", f"本报记者 {one}", f"记者 {one}", f"记者{one} 通讯员{two}", f"通讯员 {one}", unit,
             f"{one}、{two}", f"本报通讯员 {one} {two}", f"{unit} {one}", f"合工 本报记者 {one}", f"文/{one}")  # fmt: skip
    return rng.choice(forms)


def draw_dateline(rng: random.Random) -> str:
    """How a feed opens an article, with its reporter or without."""
    feed = rng.choice(FEEDS).format(d=f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日")
    one, two = draw_name(rng), draw_name(rng)
    tail = rng.choice(
        ("", "", f"（记者 {one}）", f"（记者{one} 通讯员{two}）", f"（通讯员 {one}）", f"({one})", f" 记者{one}报道")
    )
    return feed + rng.choice((" ", "", "　")) + tail + (" " if tail.endswith("道") else "")


def draw_furniture(rng: random.Random) -> list[str]:
    """One to four lines that belong to the page, not to an article."""
    day = f"{rng.randint(2010, 2025)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日 星期{rng.choice('一二三四五六日')}"
    page, number = rng.randint(1, 16), rng.randint(60000000, 69999999)
    old_day = day.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    column = rng.choice(COLUMN_HEADS) + rng.choice(("", "", "", " ")) + rng.choice(COLUMN_TAILS)
    one, two, three = draw_name(rng), draw_name(rng), draw_name(rng)
    forms = (
        [rng.choice(PAPERS)],
        [day],
        [day[: day.index(" ")]],
        [f"第{page:02d}版"],
        [f"{page:02d}", rng.choice(PAPERS), day],
        [f"{day} 第{page}版 {rng.choice(('要闻', '综合', '工运', '维权', '基层', '副刊'))}"],
        [f"责任编辑：{one}"],
        [f"责编 {one} 版式 {two} 校对 {three}"],
        [f"本版编辑 {one} 电话：{page:03d}-{number}"],
        [str(page)],
        [f"今日天气：多云转晴 {rng.randint(-5, 20)}℃～{rng.randint(21, 36)}℃ 偏北风3级"],
        [f"国内统一刊号 CN{rng.randint(10, 60)}-{rng.randint(1000, 9999):04d}"],
        [f"新闻热线：{number}", "投稿邮箱：news@example.com"],
        [f"E-mail:{rng.choice(('gh', 'news', 'bjb'))}{page}@example.cn"],
        [column],
        [" " * rng.randint(0, 3) + column],
        [f"{rng.choice(PAPERS)} {day} 第{page}版 {column}"],
        [f"值班主任 {one} 责任编辑 {two}"],
        [f"{page:02d} {column} {rng.choice(('组版', '责编', '编辑', '美编'))} {one}"],
        [f"{page} {rng.choice(('综合', '要闻', '工会新闻', '职工生活', '副刊'))} {day} {rng.choice(PAPERS)}"],
        [f"{day[: day.index(' ')]} {rng.choice(PAPERS)} {page}"],
        [
            f"{rng.choice(PAPERS)} {day}",
            f"总第{rng.randint(900, 9000)}期 今日{page}版 零售每份{rng.choice('一二三')}元",
        ],
        [f"{rng.choice(PAPERS)}  第{page}版  {column}", f"本版编辑 {one}"],
        [" ".join(rng.choice(("GONGREN", "ZHIGONG", "LAODONG", "RIBAO", "WANBAO")) for _ in range(2)) + " BAO"],
        [
            f"天气预报：{rng.choice(('今晚到明天', '明日'))} 阴有小{rng.choice('雨雪')} {rng.choice('东南西北')}风{rng.randint(2, 5)}级"
        ],
        [f"社址：{rng.choice(COLUMN_HEADS)}路{page}号 印刷：{rng.choice(PAPERS)}印务中心 广告热线 {number}"],
        [f"{rng.choice(PAPERS)} {old_day} 第{rng.choice('一二三四五六七八')}版 {column}"],
        [f"{rng.choice(PAPERS)} {old_day}"],
        [f"督印：{one} 零售每份{rng.choice('一二三四')}元 读者热线{number}"],
        [rng.choice(PAPERS) + "社主办", f"总第{rng.randint(900, 9000)}期 本期{page}版"],
        [f"本报地址：{rng.choice(COLUMN_HEADS)}路{page}号 邮编 {rng.randint(100000, 800000)}"],
        [rng.choice(("简讯", "图片新闻", "广角", "维权在线", "时事要闻", "综合新闻"))],
    )
    return rng.choice(forms)
