"""The help of every command."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from onrecord.cli import app


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if path and not getattr(command, "commands", None):
        yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


EVERY = sorted(commands(get_command(app)))


@pytest.mark.parametrize("path", EVERY, ids=[" ".join(p) for p in EVERY])
def test_help_says_what_it_is_for_and_keeps_its_examples_in_lines(path, run):
    found = run(*path, "-h")
    assert found.code == 0
    assert "\\b" not in found.out
    lines = found.out.splitlines()
    said = lines[lines.index("") + 1]
    assert said.startswith("  "), "after the usage it says what it is for"
    assert said.strip()
    if "  Examples:" in lines:
        assert lines[lines.index("  Examples:") + 1].strip().startswith("onrecord")
