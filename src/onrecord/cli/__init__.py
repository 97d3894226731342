"""The command line. Exit codes: 0 done, 1 some items failed, 2 the command line is wrong, 130 interrupted."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

import onrecord
from onrecord.cli import (
    adding,
    agreement,
    coding,
    courses,
    following,
    histories,
    issues,
    judging,
    keeping,
    networks,
    proposing,
    quantities,
    rosters,
    searching,
    serving,
    showing,
    standing,
    suggesting,
    tokens,
)
from onrecord.cli import read as reading
from onrecord.cli.actors import app as actors
from onrecord.cli.explain import explain
from onrecord.cli.score import app as score
from onrecord.errors import OnrecordError

__all__ = ["app", "main"]

USAGE = 2
INTERRUPTED = 130

app = typer.Typer(
    name="onrecord",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Read the news, and keep who said what, when, where and through whom.",
)
app.command("read", no_args_is_help=True)(reading.read)
app.command("explain", no_args_is_help=True)(explain)
app.command("init")(adding.init)
app.command("add", no_args_is_help=True)(adding.add)
app.command("follow", no_args_is_help=True)(following.follow)
app.command("unfollow", no_args_is_help=True)(following.unfollow)
app.command("update")(following.update)
app.command("status")(keeping.status)
app.command("search")(searching.search)
app.command("quantities")(quantities.quantities)
app.command("due")(quantities.due)
app.command("outcome", no_args_is_help=True)(quantities.outcome)
app.command("actor", no_args_is_help=True)(showing.actor)
app.command("article", no_args_is_help=True)(histories.article)
app.command("quotation", no_args_is_help=True)(showing.quotation)
app.command("statement", no_args_is_help=True)(showing.statement)
app.command("judge", no_args_is_help=True)(judging.judge)
issues.app.command("suggest")(suggesting.suggest)
app.add_typer(issues.app, name="issue")
app.command("positions")(standing.positions)
app.command("timeline", no_args_is_help=True)(courses.timeline)
app.command("shifts")(courses.shifts)
app.command("split", no_args_is_help=True)(courses.split)
app.command("network")(networks.network)
app.command("code", no_args_is_help=True)(coding.code)
app.command("propose", no_args_is_help=True)(proposing.propose)
app.command("agreement")(agreement.agreement)
app.add_typer(actors, name="actors")
app.add_typer(rosters.app, name="roster")
app.command("sql", no_args_is_help=True)(keeping.sql)
app.command("serve")(serving.serve)
app.add_typer(tokens.app, name="token")
app.command("reread")(adding.reread)
app.command("upgrade")(keeping.upgrade)
app.command("backup", no_args_is_help=True)(keeping.backup)
app.command("check")(keeping.check)
app.add_typer(score, name="score")


def _show_version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        typer.echo(f"onrecord {onrecord.__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
    _version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", callback=_show_version, is_eager=True)] = False,
) -> None:
    """Options of every command."""
    if debug:
        os.environ["ONRECORD_DEBUG"] = "1"


def main() -> None:
    """Run the command line; every error onrecord raises on purpose is one line."""
    # What goes to a file or a pipe is UTF-8 whatever the terminal speaks; a terminal that lacks a character shows a question mark.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        app()
    except OnrecordError as error:
        if os.environ.get("ONRECORD_DEBUG"):
            raise
        reading.say_plainly(reading.failure(error))
        sys.exit(USAGE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        if os.environ.get("ONRECORD_DEBUG"):
            raise
        reading.say_plainly(f"onrecord itself failed: {type(error).__name__}: {error} (please report this; --debug shows where)")
        sys.exit(reading.SOME_FAILED)
