"""What single lines of a newspaper look like: datelines, bylines, captions, furniture; `str -> bool` or a match.

Every pattern reads the model's view of a line and at most `REACH` characters of it, so none can be made slow.
"""

import re

REACH = 48
"""Characters of either end of a line that patterns look at: the longest dateline with its reporters in news of 2020."""

DATELINE = re.compile(
    r"[【（(■△▲●□◆ ]{0,2}(?:本报|本网|本刊|本台)(?:讯|消息|[^ ，。（(]{0,12}(?:电|讯))"
    r"|(?:据|综合)?(?:新华社|新华网|中新[网社]|中工网|央视|人民网|光明网|中国网)[^，。（(]{0,16}(?:讯|电|消息|报道)"
    r"|[^ ，。：“”（）()、\d]{2,9}(?:报|网|台|社|工会|报社|在线|日报|晚报)讯|快讯"
    r"|(?:记者|通讯员|本报记者)[ ]?[^ ，。：（）]{2,4}(?:[、 ][^ ，。：（）]{2,4})?(?:报道|讯|从|获悉)"
    r"|[（(](?:本报|本网)?(?:记者|通讯员)[^）)]{2,30}[）)]"
)
_WRITER = r"(?:本报|本网|本刊|新华社|特约)?(?:首席|实习|见习|驻[^ ，。]{1,5})?(?:记者|通讯员|特约记者|评论员|撰稿|文字?[/:：]|摄影|图[/:：])"
BYLINE_LINE = re.compile(
    r"[（(][^（）()。！？；]{2,40}[）)]$"
    r"|[□■◎●◆○▲△ ]{0,3}" + _WRITER + r"[ :：/]*[^，。！？；]{2,30}$"
)  # fmt: skip
BYLINE_TAIL = re.compile(r"(?P<gap>[。！？”…） ]) *[（(](?P<who>[^（）()。！？；“”]{2,34})[）)]$")
CREDIT_TAIL = re.compile(r"(?:[/ ]?摄(?:影报道|影)?|供图|提供|资料图片|资料照片|图/文|摄于[^，。]{1,10})[）)]?$")
CREDIT = re.compile(
    r"(?P<gap>[。！？”…） 　]|^) *[（(]?(?P<who>(?:(?:本报|新华社)?(?:记者|通讯员|特约)? ?[^ ，。！？；：、“”（）()\d]{1,4}"
    r"(?:[ 、][^ ，。！？；：、“”（）()\d]{1,4}){0,3}) ?(?:/|／)?(?:摄影报道|摄影|摄|供图|图)|资料图片|资料照片)[）)]?$"
)  # fmt: skip
CAPTION_START = re.compile(r"[（(]?(?:图为|上图|下图|左图|右图|图片为|图[一二三四\d①②③]|资料图|▲图|△图)")
FURNITURE = re.compile(
    r"(?:^|[^\d])(?:19|20)\d\d年\d{1,2}月\d{1,2}日 *(?:星期|周)[一二三四五六日]|^[A-Z]?\d{1,2} ?版?$"
    r"|[一二][〇○零九][〇○零一二三四五六七八九]{2}年[^，。]{3,8}日"
    r"|第 ?[\dA-Z一二三四五六七八]{1,3} ?版$|[Ee]-?mail|邮箱[:：]|@\w|统一刊号|邮发代号|(?:热线|电话|传真|QQ)[:：]?[ \d]"
    r"|^(?:本版|版面|值班)?(?:责任)?(?:编辑|责编|主编|主任|美编|校对|值班|编审|版式|审校|检校|组版)[:： /]"
    r"|国内外公开发行|今日\d+版|总第\d+期|^(?:今日|明日)?天气|\d℃|零售(?:每份|价)|社址|邮编|广告(?:经营)?许可|印刷[:：]"
    r"|(?:日报|晚报|工人报|时报|劳动报|工会报|职工报|导报|周报)$"
)
TIME_START = re.compile(
    r"(?:20\d\d年)?\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日(?:上午|下午|晚|，|至)|近日|日前|近期|近年来|连日来|昨[日天]|今[日天]|(?:今|去|明)年|20\d\d年|当地时间|(?:近|这)段时间"
    r"|[春夏秋冬]|每[天年当逢]|.{0,6}来临之际|.{0,4}前夕"
)  # fmt: skip
NUMBER_START = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．）)]|第[一二三四五六七八九十]{1,3}[条章，]|[●▲■◆△○★☆]|[①-⑳]"
)
ORGANISATION_END = re.compile(
    r"(?:工会|总工会|公司|集团|[省市县区州旗镇乡]|局|委|院|校|大学|中心|协会|联合会|学院|工委|部|厅|厂|矿|段)$"
)
DASH_START = re.compile(r"(?:-{2,}|—{1,2}|――)")


def head_of(view: str) -> str:
    """The beginning of a line that patterns look at."""
    return view[:REACH]


def tail_of(view: str) -> str:
    """The end of a line that patterns look at."""
    return view[-REACH:]
