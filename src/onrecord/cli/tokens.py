"""`onrecord token`: who is let into a desk that is served to others."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from onrecord.cli.ledgers import By, Debug, Form, Format, LedgerName, opened
from onrecord.cli.printing import as_json, grid, put

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Who is let into a desk that is served to others.", rich_markup_mode=None)


class _Role(StrEnum):
    READER = "reader"
    CODER = "coder"
    ADMIN = "admin"


@app.command("give", no_args_is_help=True)
def give(
    name: Annotated[str, typer.Argument(help="Whom; judgements and codings carry the name.", show_default=False)],
    *,
    role: Annotated[_Role, typer.Option(help="reader looks; coder judges and codes; admin adds documents and lets others in.")] = _Role.READER,
    by: By = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Let somebody in. The token is shown once: the ledger keeps only its hash.

    \b
    Examples:
      onrecord token give mira --role coder

    Exit codes: 0 done, 2 the command line or the ledger is wrong.
    """  # noqa: D301
    from onrecord.desk.login import login

    with opened(ledger, create=True, debug=debug) as desk:
        secret, token = desk.ledger.give_token(name, role, by=login(by))
        if form is Form.JSON:
            put(as_json({**token.to_json(), "token": secret}))
            return
        put(secret)


@app.command("list")
def tokens(*, form: Format = Form.TABLE, ledger: LedgerName = None, debug: Debug = False) -> None:
    """List all tokens that were ever given, without the tokens themselves.

    \b
    Examples:
      onrecord token list

    Exit codes: 0 done, 2 the ledger is wrong.
    """  # noqa: D301
    with opened(ledger, debug=debug) as desk:
        found = desk.ledger.tokens()
        if form is Form.JSON:
            put(as_json({"tokens": [t.to_json() for t in found]}))
            return
        rows = [(t.id, t.name, t.role, t.on.date().isoformat(), t.by, t.revoked.date().isoformat() if t.revoked else "") for t in found]
        put(grid(("id", "name", "role", "given", "by", "revoked"), rows))


@app.command("revoke", no_args_is_help=True)
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME|ID", help="Whose, or the id of one.", show_default=False)],
    *,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Let somebody in no more. A desk that is being served notices at once.

    \b
    Examples:
      onrecord token revoke mira

    Exit codes: 0 done, 2 there is none, or the ledger is wrong.
    """  # noqa: D301
    with opened(ledger, debug=debug) as desk:
        gone = desk.ledger.revoke_token(name)
        put("\n".join(f"{t.name} ({t.role}) is let in no more" for t in gone))
