"""Serving a desk: on which address, to whom."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from onrecord.desk import Desk
from onrecord.desk.login import login
from onrecord.errors import UsageError
from onrecord.web.app import make_app
from onrecord.web.site import Access, Site

__all__ = ["is_loopback", "serve", "site_of"]


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


def serve(site: Site, host: str, port: int, *, said: Callable[[str], None], proxy: bool = False) -> None:
    """Serve until stopped.

    Args:
        site: What is served.
        host: Address to listen on.
        port: Port; 0 for any that is free.
        said: Is told the address, once it listens.
        proxy: Whether a proxy on this machine stands before it, and tells who asks and whether by https.

    Raises:
        UsageError: The address cannot be listened on.
    """
    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise UsageError(f"cannot listen there: {error.strerror or error}", item=f"{host}:{port}", hint="give another --port, or --port 0 for any") from error
    port = listening.getsockname()[1]
    said(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    config = uvicorn.Config(
        make_app(site), log_level="warning", server_header=False, proxy_headers=proxy, forwarded_allow_ips="127.0.0.1,::1", access_log=False
    )
    uvicorn.Server(config).run(sockets=[listening])
