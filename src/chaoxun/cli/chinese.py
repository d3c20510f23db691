"""click's own words in Chinese: usage errors and the labels of help texts, for users whose language is Chinese.

click speaks English only, and its catalogue could be replaced only by a compiled one; a table of patterns stays
readable.  What no pattern knows stays English.
"""

import re
from collections.abc import Iterable

import click

_PATTERNS = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"^Missing argument '(.+?)'\.", r"缺少参数 \1。"),
        (r"^Missing option '(.+?)'\.", r"缺少选项 \1。"),
        (r"^Missing command\.", r"缺少命令。"),
        (r"^No such option:? '?([^'\s]+?)'?(?:\.|$)", r"没有选项 \1。"),
        (r"^No such command '(.+?)'\.", r"没有命令 \1。"),
        (r" ?\(?Did you mean (?:one of: )?(.+?)\?\)?$", r"是否想输入 \1？"),
        (r"^Got unexpected extra arguments? \((.*)\)\.?$", r"多余的参数：\1。"),
        (r"^Option '(.+?)' requires an argument\.", r"选项 \1 需要一个值。"),
        (r"^Option '(.+?)' does not take a value\.", r"选项 \1 不带值。"),
        (r"^Invalid value for '(.+?)': ", r"\1 的值无效："),
        (r"^Invalid value: ", r"值无效："),
        (r"('.*') is not a valid integer(?: range)?\.$", r"\1 不是整数。"),
        (r"('.*') is not a valid float(?: range)?\.$", r"\1 不是数。"),
        (r"('.*') is not one of (.+)\.$", r"\1 不在可选值 \2 之中。"),
        (r"(\S+) is not in the range (.+)\.$", r"\1 不在范围 \2 之内。"),
        (r" ?Choose from:", r"可选："),
        (r"^Show this message and exit\.$", r"显示本帮助。"),
        (r"\[default: ([^\]]*)\]$", r"[默认：\1]"),
        (r"^Options$", r"选项"),
        (r"^Commands$", r"命令"),
        (r"\[OPTIONS\]", r"[选项]"),
        (r"COMMAND \[ARGS\]\.\.\.$", r"命令 [参数]..."),
    )
)


def in_chinese(words: str) -> str:
    """What click says, in Chinese.

    Example: "No such option '--jsn'. Did you mean '--json'?" -> "没有选项 --jsn。是否想输入 '--json'？"
    """
    for pattern, chinese in _PATTERNS:
        words = pattern.sub(chinese, words)
    return words


def usage_error(error: click.ClickException) -> str:
    """The lines that click shows for an error on the command line, in Chinese."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()  # the help text, which the formatter below made
    lines = [context.get_usage(), f"输入 {context.command_path} --help 查看帮助。", ""] if context else []
    return "\n".join([*lines, f"错误：{in_chinese(error.format_message())}"])


class ChineseFormatter(click.HelpFormatter):
    """Help texts with Chinese labels."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Writes the line that begins with 用法."""
        super().write_usage(prog, in_chinese(args), "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Writes the heading of a section."""
        self.write(f"{'':>{self.current_indent}}{in_chinese(heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Writes a list of options or commands."""
        super().write_dl([(name, in_chinese(text)) for name, text in rows], col_max, col_spacing)
