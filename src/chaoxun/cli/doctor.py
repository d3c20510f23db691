"""`chaoxun doctor`: what is installed, what is missing, what to do."""

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata

import click

from chaoxun import __version__
from chaoxun.cli.options import example
from chaoxun.cli.terminal import printable
from chaoxun.errors import ChaoxunError
from chaoxun.language import say

_LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors", "numpy", "click", "openpyxl", "platformdirs")
_TRAINING_LIBRARIES = ("datasets", "scikit-learn", "zstandard")
# What tagging with the shipped release was measured to stay under.
_ENOUGH_MEMORY_GIB = 1.5
_UNAVAILABLE = 69


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    name: str
    value: str
    advice: str = ""
    """What to do; "" = nothing is wrong."""
    is_needed: bool = True
    """False when chaoxun tags without it."""


@click.command(
    help=say(
        en="Says what is installed, what is missing, and what to do.", zh="检查已安装的组件，指出缺少什么、该怎么办。"
    ),
    epilog=example("chaoxun doctor"),
)
def doctor() -> int:
    """0 when articles can be tagged here, 69 when something is missing."""
    is_well = True
    for check in (_python, _libraries, _memory, _release, _store):
        for finding in check():
            _print(finding)
            is_well = is_well and not (finding.advice and finding.is_needed)
    click.echo(say(en="Ready to tag.", zh="可以使用。") if is_well else say(en="Not ready.", zh="尚不能使用。"))
    return 0 if is_well else _UNAVAILABLE


def _print(finding: Finding) -> None:
    mark = click.style("!!", fg="red") if finding.advice else click.style("ok", fg="green")
    click.echo(f"{mark} {finding.name:<16} {printable(finding.value)}")
    if finding.advice:
        click.echo(f"  {'':<16} {printable(finding.advice)}")


def _python() -> Iterator[Finding]:
    yield Finding(name="chaoxun", value=__version__)
    yield Finding(name="Python", value=f"{platform.python_version()} ({sys.executable}), {platform.platform()}")


def _libraries() -> Iterator[Finding]:
    for name in (*_LIBRARIES, *_TRAINING_LIBRARIES):
        try:
            yield Finding(name=name, value=metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(
                name=name, value=say(en="missing", zh="缺失"), is_needed=name in _LIBRARIES,
                advice=say(en=f"install it: pip install {name}", zh=f"请安装：pip install {name}"),
            )  # fmt: skip


def _memory() -> Iterator[Finding]:
    try:
        gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return  # Windows has no sysconf; nothing to say is better than a guess
    few = say(en="tagging needs about 1.5 GB; close other programs", zh="打标签约需 1.5 GB 内存，请关闭其他程序")
    yield Finding(name=say(en="memory", zh="内存"), value=f"{gib:.1f} GiB, {os.cpu_count()} CPU",
                  advice=few if gib < _ENOUGH_MEMORY_GIB else "")  # fmt: skip


def _release() -> Iterator[Finding]:
    """The release in use, verified down to its golden probes, and where its model runs."""

    def load() -> str:
        from chaoxun.registry import find_release, open_tagger

        tagger = open_tagger(None)
        return f"{tagger.release} ({find_release(None)}), {len(tagger.taxonomy)} labels, verified"

    yield _tried(say(en="release", zh="模型版本"), load)

    def device() -> str:
        from chaoxun.tagging.torch_backend import describe_device

        return describe_device()

    yield _tried(say(en="runs on", zh="运行于"), device)


def _store() -> Iterator[Finding]:
    def load() -> str:
        import_module("chaoxun.archive.store")
        return say(en="usable", zh="可用")

    yield _tried(say(en="store", zh="结果库"), load)


def _tried(name: str, step: Callable[[], str]) -> Finding:
    """What `step` says, or the error that it ended in with its advice."""
    try:
        return Finding(name=name, value=step())
    except ChaoxunError as error:
        place = f"{error.where}: " if error.where else ""
        return Finding(name=name, value=place + error.what, advice=error.advice or error.what)
    except (ImportError, OSError) as error:
        reinstall = say(en="install chaoxun again", zh="请重新安装 chaoxun")
        return Finding(name=name, value=" ".join(str(error).split()), advice=reinstall)
