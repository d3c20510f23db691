"""The language of messages: both versions stand where a message is made, and the user's setting picks one."""

import locale
import os
from functools import cache


@cache
def user_language() -> str:
    """`zh` or `en`: CHAOXUN_LANG if it is set to one of them, else Chinese for a Chinese locale, else English."""
    chosen = os.environ.get("CHAOXUN_LANG", "").lower()[:2]
    if chosen in ("zh", "en"):
        return chosen
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    given = next((name for name in names if name), "") or (locale.getlocale()[0] or "")
    return "zh" if given.lower().startswith(("zh", "chinese")) else "en"


def say(*, en: str, zh: str) -> str:
    """The version of a message in the user's language."""
    return zh if user_language() == "zh" else en


def sentence(text: str) -> str:
    """`text` as a sentence of its own: with a capital and the full stop of its language.

    Example: "check the path" -> "Check the path.", "请检查路径" -> "请检查路径。"
    """
    if not text:
        return ""
    stop = "。" if text[-1] > "\u2e80" else "."
    return f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.。！？!?' else stop}"
