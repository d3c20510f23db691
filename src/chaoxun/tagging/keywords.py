"""The keyword backend: a list of words a label, no weights, no libraries.

It is the baseline that a trained release has to beat, and lets every pipeline and command run where no model is.
A window gets, for each label, 1 - 0.5^n for n different words found: 0 without any, 0.5 with one, 0.75 with two.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chaoxun.records import Window
from chaoxun.tagging.backends import Encoded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEYWORDS: dict[str, tuple[str, ...]] = {
    "holiday_relief": ("送温暖", "慰问金", "慰问品", "走访慰问", "平安返乡", "年货", "节日慰问"),
    "skills_contest": ("技能大赛", "劳动竞赛", "技术比武", "岗位练兵", "技能竞赛", "职业技能大赛"),
    "employment_fair": ("招聘会", "直播带岗", "就业援助月", "春风行动", "招聘岗位", "就业意向"),
    "cultural_venue": ("文化宫", "职工书屋", "职工之家", "图书馆", "文化馆", "农家书屋", "运动会", "活动中心"),
    "hardship_aid": ("困难职工", "金秋助学", "结对帮扶", "医疗救助", "生活救助", "解困脱困", "互助保障"),
    "skills_training": ("技能培训", "培训班", "岗前培训", "师带徒", "结业", "职业资格证书"),
    "rights_protection": ("法律援助", "欠薪", "集体协商", "集体合同", "劳动争议", "普法", "讨薪"),
    "model_workers": ("劳模", "劳动模范", "工匠", "五一劳动奖", "创新工作室"),
}
_SEPARATOR = 0


class KeywordBackend:
    """Scores a window by the keywords in it; a token is a character, its id the code point."""

    label_ids = tuple(KEYWORDS)
    max_tokens = 512
    opening: tuple[int, ...] = ()
    closing = (_SEPARATOR,)

    def __init__(self, *, folder: Path | None = None, device: str = "cpu") -> None:
        """Needs neither a release nor a device; both are taken so that the table can treat every backend alike."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """A token a character."""
        return [Encoded(token_ids=tuple(map(ord, text)), starts=tuple(range(len(text)))) for text in texts]

    def score(self, windows: Sequence[Window]) -> "NDArray[np.float32]":
        """(n_windows, n_labels): 1 - 0.5^n for n different words of the label in the window."""
        import numpy as np

        values = np.zeros((len(windows), len(KEYWORDS)), dtype=np.float32)
        for row, window in enumerate(windows):
            text = "".join(map(chr, window.token_ids))
            for column, words in enumerate(KEYWORDS.values()):
                values[row, column] = 1 - 0.5 ** sum(word in text for word in words)
        return values
