"""`onrecord serve`: the desk in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from onrecord.cli.ledgers import AllowPrivate, Debug, Engine, LedgerName, Model, NoRobots, opened
from onrecord.cli.read import say_plainly

__all__ = ["serve"]


def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on. Any but this machine's own asks visitors for a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, envvar="PORT", help="Port; 0 for any that is free.")] = 8000,
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Another name that browsers may call the desk by, such as a proxy's.", show_default=False)
    ] = None,
    tokens: Annotated[bool, typer.Option("--tokens", help="Ask for a token on this machine's own address, too.")] = False,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help="A proxy on this machine says who asks, and whether by https.")] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            min=0, max=64, help="Processes that make pages beside this one. None for you alone; for others, one for each core, at most 4.", show_default=False
        ),
    ] = None,
    model: Model = None,
    engine: Engine = "auto",
    allow_private: AllowPrivate = False,
    no_robots: NoRobots = False,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Open the ledger in a browser. Ctrl-C, or SIGTERM, ends it.

    On the machine's own address (127.0.0.1) whoever reaches it is you, and may do everything. On any other address visitors show a token:
    `onrecord token give NAME --role coder` makes one. Put a proxy with https before a desk that is reached over a network.

    \b
    Examples:
      onrecord serve
      onrecord serve --ledger news.db --port 8080
      onrecord token give mira --role admin
      onrecord serve --host 0.0.0.0 --allow-host desk.example

    Exit codes: 0 ended by Ctrl-C or SIGTERM, 2 the command line or the ledger is wrong.
    """  # noqa: D301
    from onrecord.desk import Settings
    from onrecord.web.extra import needed

    needed()
    from onrecord.web.serving import serve as serve_site
    from onrecord.web.serving import site_of

    with opened(ledger, create=True, debug=debug, settings=Settings(model=model, engine=engine)) as desk:
        site = site_of(desk, host, allow_hosts=allow_host or (), tokens=tokens, allow_private=allow_private, robots=not no_robots)

        def said(address: str) -> None:
            say_plainly(f"the desk is open at {address} (Ctrl-C ends it)")

        serve_site(site, host, port, said=said, proxy=behind_proxy, processes=processes)
        say_plainly("the desk is closed")
