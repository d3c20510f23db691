import pytest

from chaoxun.archive.outcomes import state_of
from chaoxun.records import Failure


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("LINK", "unsupported"), ("SPECIAL", "unsupported"), ("HIDDEN", "unsupported"), ("UNKNOWN_FORMAT", "unsupported"),
        ("PERMISSION", "quarantined"), ("UNREADABLE", "quarantined"), ("EMPTY", "quarantined"), ("NEEDS_OCR", "needs_ocr"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stage", ["list", "read"])
def test_what_should_have_been_read_and_could_not_is_quarantined(reason, state, stage):
    assert state_of(Failure(source="a", sha256="", stage=stage, reason=reason, message="")) == state
