import re
import time

import pytest

from chaoxun.segmenting import patterns

NAMES = [name for name, value in vars(patterns).items() if isinstance(value, re.Pattern)]


@pytest.mark.parametrize(
    "line",
    [
        "本报讯 近日，",
        "本报江州1月6日电 （记者林舟）",
        "据新华社江州5月1日电",
        "白河工会讯 昨天",
        "中新网1月2日电",
        "本报1月8日讯",
        "（记者 林舟）3月",
    ],
)
def test_datelines_are_known(line):
    assert patterns.DATELINE.match(line)


@pytest.mark.parametrize("line", ["据了解，职工们", "随后一行人来到", "报名参加培训的", "在车间里，"])
def test_running_text_is_no_dateline(line):
    assert not patterns.DATELINE.match(line)


@pytest.mark.parametrize(
    ("line", "who"),
    [("送到家。 （林舟）", "林舟"), ("万余户。（权益部）", "权益部"), ("办好。(江工 记者 林舟）", "江工 记者 林舟")],
)
def test_bylines_at_the_end_are_known(line, who):
    assert patterns.BYLINE_TAIL.search(line)["who"] == who


@pytest.mark.parametrize(
    "line", ["送到家。林舟/摄", "领奖。 林舟 摄", "合影。（林舟 摄）", "比赛。本报记者 林舟 摄影报道", "现场。林舟摄"]
)
def test_credits_are_known(line):
    assert patterns.CREDIT.search(line)


@pytest.mark.parametrize(
    "line", ["2021年1月22日 星期五", "第03版", "责任编辑：林舟", "新闻热线：61234567", "投稿邮箱：a@b.cn", "A3"]
)
def test_furniture_is_known(line):
    assert patterns.FURNITURE.search(line)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "unit", ["（", "记者 ", "本报", "电", "工 ", "20", "、工", "摄 ", "（工", " ", "。 （", "报", "■", "月"]
)
def test_no_pattern_is_slow_on_what_it_is_given(name, unit):
    text = unit * (100_000 // len(unit))
    start = time.process_time()
    getattr(patterns, name).search(patterns.head_of(text))
    getattr(patterns, name).search(patterns.tail_of(text))
    assert time.process_time() - start < 0.2
