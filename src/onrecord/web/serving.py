"""Serving a desk: on which address, to whom."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from onrecord.desk import Desk
from onrecord.desk.login import login
from onrecord.errors import UsageError
from onrecord.web.app import make_app
from onrecord.web.site import Access, Site

if TYPE_CHECKING:
    from types import FrameType

    from uvicorn import Server

__all__ = ["is_loopback", "listening_on", "serve", "site_of"]

#: Seconds that answers under way have when the desk is closed; processes that make pages, unless the user says how many.
_PATIENCE, _BESIDE = 5, 4


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def site_of(desk: Desk, host: str, *, allow_hosts: Sequence[str] = (), tokens: bool = False, allow_private: bool = False, robots: bool = True) -> Site:
    """What is served on an address.

    Args:
        desk: Reads, keeps and finds.
        host: The address.
        allow_hosts: Further names that requests may call this machine by, such as that of a proxy.
        tokens: Ask for tokens on loopback, too.
        allow_private: Fetch addresses inside the network, too.
        robots: Ask robots.txt first and obey.

    Raises:
        UsageError: The address is reached by others, and nobody has a token.
    """
    local = is_loopback(host)
    access = Access.OPEN if local and not tokens else Access.TOKEN
    if access is Access.TOKEN and not any(t.revoked is None for t in desk.ledger.tokens()):
        raise UsageError("nobody has a token for this desk", item=host, hint="`onrecord token give NAME --role admin` makes the first; loopback needs none")
    names = {"127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host.lower(), *(h.lower() for h in allow_hosts)}
    if not local and host in ("0.0.0.0", "::") and not allow_hosts:  # noqa: S104 - the user's own words
        names = {"*"}
    return Site(desk, access, login() if local else "", frozenset(names), allow_private, robots)


def serve(site: Site, host: str, port: int, *, said: Callable[[str], None], proxy: bool = False, processes: int | None = None) -> None:
    """Serve until stopped: Ctrl-C and SIGTERM let what is being answered come to its end, close the desk, and return.

    Args:
        site: What is served.
        host: Address to listen on.
        port: Port; 0 for any that is free.
        said: Is told the address, once it listens.
        proxy: Whether a proxy on this machine stands before it, and tells who asks and whether by https.
        processes: Processes that make pages beside this one; None: none for this machine's user alone, else as many as there are cores, at most four.

    Raises:
        UsageError: The address cannot be listened on.
    """
    import uvicorn

    beside = processes if processes is not None else 0 if site.access is Access.OPEN else min(_BESIDE, os.cpu_count() or 1)
    listening = listening_on(host, port)
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        make_app(site, processes=beside),
        log_level="warning",
        server_header=False,
        proxy_headers=proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        access_log=False,
        timeout_graceful_shutdown=_PATIENCE,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_no_mere_end)
    server = uvicorn.Server(config)
    with _ended_by_signals(server):
        said(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        server.run(sockets=[listening])


def listening_on(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: Address.
        port: Port; 0 for any that is free.

    Raises:
        UsageError: The address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Asyncio sends at once (TCP_NODELAY) only on a socket that says that it is TCP; else the head of an answer waits 40 ms for an acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise UsageError(f"cannot listen there: {error.strerror or error}", item=f"{host}:{port}", hint="give another --port, or --port 0 for any") from error
    return listening


@contextmanager
def _ended_by_signals(server: Server) -> Iterator[None]:
    """Signals that end the program end the server, from before it listens to them itself; it raises them once more when it is done, and they are taken."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_: int, frame: FrameType | None) -> None:
        del frame
        server.should_exit = True

    before = {s: signal.signal(s, end) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _is_no_mere_end(record: logging.LogRecord) -> bool:
    """Whether a line of the log is more than the trace of an answer that was ended because the desk was closed."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
