"""Names of files and newspapers to the ASCII parts of an id: the same name always gives the same part."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from chaoxun.cleaning.characters import model_view

_HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf]+")
_NOT_SLUG = re.compile("[^a-z0-9_]+")
_MAX_CHARS = 80
"""Of a whole id: file names made from it stay under the usual limit of 255 bytes."""
_HEX_DIGITS = 8
# Provinces by ISO 3166-2:CN where pinyin initials would make one of two (山西 and 陕西, 河北 and 湖北, 河南 and 湖南).
_PROVINCES = {"陕西": "sn", "河北": "he", "河南": "ha", "海南": "hi"}


def slug(text: str) -> str:
    """`text` in lower-case ASCII letters, digits, `_` and `-`; Chinese in pinyin.  "" if none of it can be written so.

    Example: "Seed page" -> "seed-page"; "工运潮汛" -> "gongyunchaoxun"
    """
    spelled = _HAN.sub(lambda match: "".join(_pinyin(match[0])), model_view(text))
    folded = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
    return _NOT_SLUG.sub("-", folded.lower()).strip("-")


def newspaper_slug(newspaper: str) -> str:
    """The pinyin initials of a newspaper, its province by the code of ISO 3166-2.

    Example: "安徽工人报" -> "ahgrb"; "陕西工人报" -> "sngrb"; "" -> ""
    """
    view = model_view(newspaper)
    province = _PROVINCES.get(view[:2], "")
    initials = "".join(syllable[:1] for syllable in _pinyin(view[2:] if province else view))
    return slug(province + initials)


def join_slugs(parts: Sequence[str], *, whole: str) -> str:
    """The parts that are not empty with `-` between; what is too long ends in a hash of `whole`, as does the id of
    a name that has no ASCII form at all.
    """
    joined = "-".join(part for part in parts if part)
    digest = hashlib.sha256(name_bytes(whole)).hexdigest()[:_HEX_DIGITS]
    if not joined:
        return f"x{digest}"
    if len(joined) > _MAX_CHARS:
        return f"{joined[: _MAX_CHARS - _HEX_DIGITS - 1].rstrip('-')}-{digest}"
    return joined


def name_bytes(name: str) -> bytes:
    """The bytes of a name on the disk, of one that is no UTF-8 there too; never fails."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate, which Windows allows
        return name.encode("utf-8", "surrogatepass")


def _pinyin(text: str) -> list[str]:
    """The syllables of the Chinese characters in `text`, without tones."""
    if not text:
        return []
    from pypinyin import lazy_pinyin

    return [str(syllable) for syllable in lazy_pinyin(text, errors="ignore")]
