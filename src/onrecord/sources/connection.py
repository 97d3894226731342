"""One request and its answer, within limits of time and size, and never to an address inside the user's own network.

A name is resolved once, every address judged, and the connection is made to one of those very addresses, so that a name server
cannot answer differently the second time (DNS rebinding). Proxies named in the environment are not used: they would resolve anew.

Sockets look at the clock before each read. A server that sends one byte now and then, in the head or in the body, is left when
the time is over, without a thread that watches.
"""

from __future__ import annotations

import errno
import functools
import http.client
import ipaddress
import os
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError
from urllib3.response import HTTPResponse

from onrecord.errors import FetchError, RefusedError, TryLaterError
from onrecord.sources.addresses import Target

__all__ = ["Budget", "Limits", "Network", "Reply", "Resolve", "exchange", "forbidden", "user_agent"]

#: Finds the addresses of a name, as `socket.getaddrinfo` does.
Resolve = Callable[..., list[Any]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost."""

    #: Bytes of the body, unpacked.
    size: int = 16 * 2**20
    #: Seconds for everything, redirects and robots.txt included, but not the waiting for one's turn at a host.
    seconds: float = 30.0
    #: Redirects to follow.
    redirects: int = 5
    #: Bytes of a feed or sitemap, unpacked.
    feed_size: int = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is reached."""

    #: Reach addresses inside one's own network, too.
    allow_private: bool = False
    resolve: Resolve = socket.getaddrinfo


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers to one request."""

    status: int
    #: Lower-case names.
    headers: Mapping[str, str]
    #: The body, unpacked; empty unless the status is one of success, since nothing else is read.
    body: bytes


_CHUNK = 65536
#: Seconds to connect and to shake hands, and seconds without a single byte, after which a server is given up.
_CONNECT, _SILENT = 10.0, 20.0
#: Seconds after which a waiting thread looks up, to see whether it is still wanted.
_GLANCE = 0.25
#: Addresses of one name that are tried.
_TRIES = 3
#: Bytes that packing and the head may add to what a body may weigh.
_WRAPPING = 2**20
_SUCCESS = range(200, 300)
_ENCODINGS = frozenset(("", "identity", "gzip", "x-gzip", "deflate"))
#: Prefix of IPv6 addresses that carry an IPv4 address.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def user_agent(about: str | None = None) -> str:
    """How onrecord introduces itself; `about` is what to say of the one who runs it, such as an address to write to."""
    try:
        number = version("onrecord")
    except PackageNotFoundError:
        number = "0"
    return f"onrecord/{number} ({about or 'reads news articles for research'})"


def forbidden(address: str) -> bool:
    """Whether an IP address is not on the public internet: private, loopback, link-local, multicast, reserved, or an IPv6 form of one."""
    try:
        found = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return True
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return forbidden(str(inner))
    return not found.is_global or found.is_multicast


class Budget:
    """The time that one visit may take, with everything it entails.

    Args:
        seconds: How long.
        stop: Set by whoever no longer wants the result.
    """

    def __init__(self, seconds: float, *, stop: threading.Event | None = None) -> None:
        self.seconds = seconds
        self._stop = stop
        self._end = time.monotonic() + seconds

    def left(self, url: str) -> float:
        """Seconds that are left.

        Raises:
            TryLaterError: None are.
            FetchError: The result is no longer wanted.
        """
        self.wanted(url)
        left = self._end - time.monotonic()
        if left <= 0:
            raise TryLaterError(f"took longer than {self.seconds:g} seconds", item=url, hint="try again later")
        return left

    def wanted(self, url: str) -> None:
        """Raise FetchError if the result is no longer wanted."""
        if self._stop is not None and self._stop.is_set():
            raise FetchError("stopped before it was had", item=url, hint="ask again")

    def add(self, seconds: float) -> None:
        """Give back time that was spent on waiting out of courtesy."""
        self._end += seconds


class _Metered:
    """A socket that looks at the clock and counts before it reads."""

    budget: Budget | None = None
    url = ""
    #: Bytes that may still come.
    spare = 0
    #: Seconds without a single byte after which the server is given up.
    silent = _SILENT

    def meter(self, budget: Budget, url: str, spare: int, silent: float) -> None:
        self.budget, self.url, self.spare, self.silent = budget, url, spare, silent

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:  # noqa: ANN401 - as socket's own
        receive: Callable[..., int] = super().recv_into  # type: ignore[misc]
        if self.budget is None:
            return receive(buffer, nbytes or 0, flags)
        patience = time.monotonic() + self.silent
        while True:
            self.settimeout(min(self.budget.left(self.url), _GLANCE))  # type: ignore[attr-defined]
            try:
                got = receive(buffer, nbytes or 0, flags)
            except TimeoutError:
                if time.monotonic() >= patience:
                    raise
                continue
            self.spare -= got
            if self.spare < 0:
                raise FetchError("more bytes than a page or feed of the size allowed can have", item=self.url, hint="is this a download?")
            return got


class _Socket(_Metered, socket.socket):
    """Without encryption."""


class _SecureSocket(_Metered, ssl.SSLSocket):
    """With it."""


@functools.lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = _SecureSocket
    return context


class _Connection(HTTPConnection):
    """A connection to an address that was judged, whatever the name may mean by now."""

    open_socket: Callable[[], _Socket]

    def _new_conn(self) -> socket.socket:
        return self.open_socket()


class _SecureConnection(HTTPSConnection):
    """Likewise; the certificate is checked against the name."""

    open_socket: Callable[[], _Socket]

    def _new_conn(self) -> socket.socket:
        return self.open_socket()


def exchange(
    target: Target,
    *,
    headers: Mapping[str, str],
    size: int,
    budget: Budget,
    network: Network,
    cut: bool = False,
    post: bytes | None = None,
    silent: float = _SILENT,
) -> Reply:
    """Send one request, and follow nothing.

    Args:
        target: Where to.
        headers: Beside `Host` and `Accept-Encoding`.
        size: Bytes of the body, unpacked.
        budget: Time.
        network: How to get there.
        cut: Cut a body that is too large, and do not fail.
        post: What to send with POST; None for GET.
        silent: Seconds without a single byte after which the server is given up.

    Raises:
        RefusedError: The host is at a private address.
        TryLaterError: Too slow.
        FetchError: No such host, no connection, not HTTP, too large, damaged.
    """
    url = target.url
    addresses = _addresses(target, budget, network)
    connection: _Connection | _SecureConnection
    if target.scheme == "https":
        connection = _SecureConnection(target.host, target.port, timeout=min(_CONNECT, budget.left(url)), ssl_context=_trust())
    else:
        connection = _Connection(target.host, target.port, timeout=min(_CONNECT, budget.left(url)))
    connection.open_socket = lambda: _connected(addresses, target, budget)
    sent = {"Host": target.authority, "Accept-Encoding": "gzip, deflate", "Connection": "close", **headers}
    try:
        connection.connect()
        cast("_Metered", connection.sock).meter(budget, url, size + size // 64 + _WRAPPING, silent)
        connection.request("GET" if post is None else "POST", target.path, body=post, headers=sent, preload_content=False)
        response = connection.getresponse()
        try:
            body = _body(response, url, size, budget, cut=cut) if response.status in _SUCCESS else b""
            return Reply(response.status, {k.lower(): v for k, v in response.headers.items()}, body)
        finally:
            response.close()
    except (OSError, http.client.HTTPException, HTTPError, ValueError) as error:
        budget.left(url)
        raise _explained(error, url) from error
    finally:
        connection.close()


def _addresses(target: Target, budget: Budget, network: Network) -> list[str]:
    """The addresses to connect to; all of the name's addresses must be public."""
    try:
        answers = _resolved(target, budget, network.resolve)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"no such host: {target.host}", item=target.url, hint="check the address and the connection") from error
    addresses = list(dict.fromkeys(str(a[4][0]) for a in answers))
    if not addresses:
        raise FetchError(f"no such host: {target.host}", item=target.url, hint="check the address")
    bad = next((a for a in addresses if forbidden(a)), None)
    if bad and not network.allow_private:
        raise RefusedError(f"{target.host} is at {bad}, which is not on the public internet", item=target.url, hint="--allow-private fetches it all the same")
    return addresses


def _resolved(target: Target, budget: Budget, resolve: Resolve) -> list[Any]:
    """Ask the name server, but for no longer than there is time; the system's own call cannot be interrupted, so it gets a thread."""
    answers: list[list[Any]] = []
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            answers.append(resolve(target.host, target.port, type=socket.SOCK_STREAM))
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            failed.append(error)

    thread = threading.Thread(target=ask, daemon=True, name=f"onrecord resolve {target.host[:80]}")
    thread.start()
    while thread.is_alive():
        thread.join(min(budget.left(target.url), _GLANCE))
    if failed:
        raise failed[0]
    return answers[0]


def _connected(addresses: list[str], target: Target, budget: Budget) -> _Socket:
    """A socket connected to the first of the addresses that answers."""
    failed: OSError | None = None
    for address in addresses[:_TRIES]:
        try:
            found = _Socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
            try:
                _connect(found, address, target, budget)
            except BaseException:
                found.close()
                raise
        except OSError as error:
            failed = error
        else:
            return found
    raise failed or OSError("no address")


def _connect(found: _Socket, address: str, target: Target, budget: Budget) -> None:
    """Connect, looking up now and then to see whether it is still wanted."""
    end = time.monotonic() + min(_CONNECT, budget.left(target.url))
    found.settimeout(0)
    state = found.connect_ex((address, target.port))
    if state in (errno.EINPROGRESS, errno.EWOULDBLOCK):
        with selectors.DefaultSelector() as watch:
            watch.register(found, selectors.EVENT_WRITE)
            while not watch.select(min(budget.left(target.url), _GLANCE)):
                if time.monotonic() >= end:
                    raise TimeoutError
        state = found.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if state:
        raise OSError(state, os.strerror(state))
    found.settimeout(min(_CONNECT, budget.left(target.url)))
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _body(response: HTTPResponse, url: str, size: int, budget: Budget, *, cut: bool) -> bytes:
    packing = [name.strip().lower() for name in response.headers.get("content-encoding", "").split(",")]
    strange = next((name for name in packing if name not in _ENCODINGS), None)
    if strange:
        raise FetchError(f"the body is packed with {strange[:40]}, which was not asked for", item=url, hint="save the page in a browser and give the file")
    body = bytearray()
    for chunk in response.stream(_CHUNK, decode_content=True):
        budget.left(url)
        body += chunk
        if len(body) > size:
            if cut:
                break
            raise FetchError(f"larger than {size / 2**20:g} MiB", item=url, hint="articles are smaller; is this a download?")
    return bytes(body[:size])


def _explained(error: Exception, url: str) -> FetchError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return FetchError(f"the certificate does not hold: {error.verify_message}", item=url, hint="open it in a browser and see who answers")
    if isinstance(error, DecodeError):
        return FetchError("the body is not packed the way its headers say", item=url, hint="save the page in a browser and give the file")
    if isinstance(error, (TimeoutError, UrllibTimeoutError)):
        return TryLaterError("the server does not answer", item=url, hint="try again later")
    text = str(error).rsplit("): ", 1)[-1][:200] or type(error).__name__
    return FetchError(f"the connection failed: {text}", item=url, hint="try again later")
