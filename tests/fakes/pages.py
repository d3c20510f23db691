"""Invented newspaper pages for tests that need many: the same seed gives the same page."""

import random
from pathlib import Path

_PLACES = ("青河县", "柳溪市", "东岭区", "白塔镇", "新安街道", "滨湖新区", "石桥乡", "云台县")
_WHO = ("总工会", "职工服务中心", "机械厂工会", "公交公司工会", "教育工会", "开发区工会", "环卫所工会")
_WHAT = (
    ("走访慰问困难职工", "送去慰问金和年货，叮嘱大家安心过节，有困难随时找工会。慰问组一共走访了{n}户职工家庭。"),
    ("举办职工技能大赛", "来自{n}家企业的选手同台比拼，焊工、钳工两个项目决出名次，优胜者获得技术能手称号。"),
    ("春风行动招聘会开场", "{n}家单位带来两千多个招聘岗位，不少求职者当场达成就业意向，现场还有政策咨询。"),
    ("职工书屋揭牌", "书屋藏书{n}00册，设有阅览区和电子阅读角，今后每晚开放到九点，职工凭工会会员卡借阅。"),
    ("法律援助进工地", "律师现场解答欠薪、工伤等问题{n}个，发放普法手册，并帮助三名工友拿回了工资。"),
    ("劳模创新工作室传帮带", "劳模带领徒弟攻关，今年已完成革新{n}项，节约成本可观，工友们说师傅从不藏私。"),
)


def make_page(seed: int, *, n_articles: int = 5) -> str:
    """The text of a page as a PDF gives it: headlines, datelines, lines of 18 characters."""
    rng = random.Random(seed)
    lines = [f"柳溪工人报 第{seed % 8 + 1}版 要闻"]
    for _ in range(n_articles):
        place, who, (headline, body) = rng.choice(_PLACES), rng.choice(_WHO), rng.choice(_WHAT)
        text = f"本报讯 （通讯员 方未）{rng.randint(1, 28)}日，{place}{who}{headline}。" + body.format(
            n=rng.randint(3, 90)
        )
        text += f"活动由{place}{who}主办，编号{seed}-{rng.randint(100, 999)}，下一步还将继续开展。" * rng.randint(1, 3)
        lines += [place + headline, *(text[start : start + 18] for start in range(0, len(text), 18)), ""]
    return "\n".join(lines)


def write_folder(folder: Path, *, n_pages: int, n_articles: int = 5) -> list[Path]:
    """So many pages in issues of four pages: `2021-01-05/01.txt`."""
    paths = []
    for n in range(n_pages):
        path = folder / f"2021-01-{n // 4 + 1:02}" / f"{n % 4 + 1:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make_page(n, n_articles=n_articles), encoding="utf-8")
        paths.append(path)
    return paths
