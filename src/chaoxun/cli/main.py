"""`chaoxun COMMAND ...`: finds the command's file, runs it, and ends with the exit code of the contract.

Commands stand in a table of strings and are imported when chosen, so `--help` and a wrong option answer at once.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from chaoxun import __version__
from chaoxun.cli.chinese import ChineseFormatter
from chaoxun.cli.exits import ExitCodes
from chaoxun.cli.terminal import prepare_streams
from chaoxun.language import say, user_language

COMMANDS = {
    "tag": "chaoxun.cli.tag:tag",
    "split": "chaoxun.cli.split:split",
    "status": "chaoxun.cli.store:status",
    "export": "chaoxun.cli.store:export",
    "train": "chaoxun.cli.train:train",
    "evaluate": "chaoxun.cli.train:evaluate",
    "annotations": "chaoxun.cli.annotations:annotations",
    "pretrain": "chaoxun.cli.pretrain:pretrain",
    "doctor": "chaoxun.cli.doctor:doctor",
}
"""In the order of the help text: name -> `module:function`."""


class _LazyGroup(click.Group):
    """The commands of `COMMANDS`, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands, the first sentence of each whole instead of cut to a line."""
        rows = [
            (name, (self.get_command(ctx, name) or self).get_short_help_str(200)) for name in self.list_commands(ctx)
        ]
        with formatter.section(say(en="Commands", zh="命令")):
            formatter.write_dl(rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None lets click suggest the nearest one."""
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), function)
        return command


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=say(
        en="Tags the articles of Chinese trade-union and local newspapers by the activities they report.",
        zh="潮汛：给工会报、地方报的每篇文章按所报道的活动打标签。",
    ),
    epilog=say(en="Example: chaoxun tag examples", zh="示例：chaoxun tag examples"),
)
@click.option("--debug", is_flag=True, help=say(en="Show tracebacks.", zh="出错时显示完整的调用栈。"))
@click.version_option(__version__, prog_name="chaoxun", help=say(en="Show the version.", zh="显示版本号。"))
def chaoxun(debug: bool) -> None:
    """The group that all commands hang on; `--debug` is read by `main`, which outlives click."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command line and leaves the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    prepare_streams()
    # Here and not in a context of our own, which each command and each of its subcommands would have to be given.
    click.Context.formatter_class = ChineseFormatter if user_language() == "zh" else click.HelpFormatter
    with ExitCodes(debug="--debug" in given):
        # Not `chaoxun.main()`, which has exit codes of its own.  `chaoxun tag --debug x` means `chaoxun --debug tag x`.
        with chaoxun.make_context("chaoxun", [word for word in given if word != "--debug"]) as context:
            code = chaoxun.invoke(context)
        sys.exit(code or 0)
