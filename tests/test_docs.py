"""The documentation says what is there, and nothing else."""

import re
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

from chaoxun import errors
from chaoxun.archive.outcomes import STATES
from chaoxun.cli.main import COMMANDS, chaoxun
from chaoxun.labels import load_taxonomy
from chaoxun.reporting.exports import EXPORTS
from chaoxun.tagging.backends import BACKENDS

ROOT = Path(__file__).resolve().parents[1]
READMES = ["README.md", "README.zh-CN.md"]


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def commands_of(text):
    return set(re.findall(r"^(?:\$ )?chaoxun ([a-z]+)", text, flags=re.MULTILINE))


def command(*words):
    """The command that these words begin with, a subcommand for a group."""
    found = chaoxun.get_command(click.Context(chaoxun), words[0])
    return found.get_command(click.Context(found), words[1]) if isinstance(found, click.Group) else found


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_shows_every_command_and_no_other(readme):
    assert commands_of(text_of(readme)) == set(COMMANDS)


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_explains_every_option_of_tag(readme):
    options = {name for param in command("tag").params if isinstance(param, click.Option) for name in param.opts}
    assert set(re.findall(r"^\| `(--[a-z-]+)", text_of(readme), flags=re.MULTILINE)) == options


@pytest.mark.parametrize("readme", READMES)
def test_commands_in_the_readme_use_options_that_exist(readme):
    for line in re.findall(r"^(?:\$ )?chaoxun ([a-z]+.*)$", text_of(readme), flags=re.MULTILINE):
        known = {name for param in command(*line.split()).params for name in param.opts}
        assert set(re.findall(r"(?<!\S)\[?(--[a-z]+)", line)) <= known | {"--help"}, line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name):
    group = chaoxun.get_command(click.Context(chaoxun), name)
    for found in [group, *getattr(group, "commands", {}).values()]:
        assert found.help
        for param in found.params:
            assert not isinstance(param, click.Option) or param.help, f"{name} {param.opts}"


@pytest.mark.parametrize("readme", READMES)
def test_states_and_exit_codes_are_all_in_the_readme(readme):
    text = text_of(readme)
    assert set(re.findall(r"^\| `([a-z_]+)`[^|]*\| [^|]*\|$", text, flags=re.MULTILINE)) >= set(STATES)
    documented = {
        int(code)
        for row in re.findall(r"^\| ([\d、, ]+) \|", text, flags=re.MULTILINE)
        for code in re.findall(r"\d+", row)
    }
    raised = {
        kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert documented == raised | {0, 1, 130, 143}


@pytest.mark.parametrize("readme", READMES)
def test_labels_exports_and_backends_are_all_in_the_readme(readme):
    text = text_of(readme)
    for label in load_taxonomy(ROOT / "training" / "labels.toml"):
        assert f"`{label.id}`" in text and label.name in text
    assert all(ending in text for ending in EXPORTS) and all(f"`{name}`" in text for name in BACKENDS)


@pytest.mark.parametrize("readme", READMES)
def test_the_first_command_stands_in_the_first_twenty_lines(readme):
    assert any("make tag" in line for line in text_of(readme).splitlines()[:20])


@pytest.mark.parametrize("readme", [*READMES, "NOTICE", "CHANGELOG.md"])
def test_links_lead_to_files(readme):
    for target in re.findall(r"\]\(([^)]+)\)", text_of(readme)):
        assert (ROOT / target).exists(), target


def test_make_knows_the_targets_that_the_readme_names():
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), flags=re.MULTILINE))
    assert set(re.findall(r"`?\bmake ([a-z]+)", text_of("README.md"))) - {"there"} <= targets
    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "make tag" in shown


def test_the_constraints_hold_a_version_of_every_dependency():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in text_of("constraints.txt").splitlines()
        if "==" in line
    }
    assert {re.match(r"[A-Za-z0-9-]+", name)[0].lower() for name in wanted} <= pinned


def test_every_error_class_is_drawn_in_the_tree():
    tree = errors.__doc__
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, errors.ChaoxunError):
            assert name in tree
