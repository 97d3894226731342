"""Documents from the web: politely, with limits, and never from inside the user's own network.

An address is resolved once, judged, and the connection is made to that very address, so that a name server cannot answer
differently the second time (DNS rebinding). Proxies named in the environment are not used: they would resolve anew.
"""

from __future__ import annotations

import functools
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from protego import Protego

from onrecord.errors import FetchError, NotFoundError, RefusedError
from onrecord.sources.document import Document

__all__ = ["Limits", "fetch", "forbidden", "user_agent"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost."""

    #: Bytes of the body, unpacked.
    size: int = 16 * 2**20
    #: Seconds for everything, redirects and robots.txt included.
    seconds: float = 30.0
    #: Redirects to follow.
    redirects: int = 5


_CHUNK = 65536
_ROBOTS_SIZE = 512 * 1024
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_GONE = frozenset((404, 410))
_OK = 200
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_TEXTUAL = ("text/", "application/xhtml", "application/json", "application/ld+json", "application/feed+json", "application/xml")
_PORTS = {"http": 80, "https": 443}
#: Prefixes that carry an IPv4 address inside an IPv6 one.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[..., list[Any]]


def user_agent() -> str:
    """How onrecord introduces itself."""
    try:
        number = version("onrecord")
    except PackageNotFoundError:
        number = "0"
    return f"onrecord/{number} (reads news articles for research)"


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


def fetch(url: str, *, limits: Limits | None = None, allow_private: bool = False, robots: bool = True, resolve: Resolve = socket.getaddrinfo) -> Document:
    """Fetch one page.

    Args:
        url: http or https.
        limits: What it may cost.
        allow_private: Reach addresses inside one's own network, too.
        robots: Ask robots.txt first (RFC 9309) and obey.
        resolve: Finds a name's addresses, as `socket.getaddrinfo` does.

    Returns:
        The document, with the URL after redirects.

    Raises:
        RefusedError: A scheme other than http, a private address, robots.txt.
        NotFoundError: The server says 404 or 410.
        FetchError: Any other status, a redirect loop, too slow, too large, not text.
    """
    limits = limits or Limits()
    visit = _Visit(limits, allow_private=allow_private, resolve=resolve)
    try:
        return visit.within_time(lambda: _follow(url, visit, robots=robots), url)
    except (FetchError, RefusedError, NotFoundError) as error:
        if error.item == url or "@" in url:
            raise
        # On the way to the page it was something else that failed: robots.txt, or where a redirect led.
        raise type(error)(f"{error.message} (asked for {error.item})", item=url, hint=error.hint) from error


def _follow(url: str, visit: _Visit, *, robots: bool) -> Document:
    limits, at = visit.limits, url
    seen: list[str] = []
    while True:
        parts = _checked(at)
        if at in seen:
            raise FetchError("the page redirects in a loop", item=url, hint=" → ".join([*seen[seen.index(at) :], at])[:300])
        seen.append(at)
        if len(seen) > limits.redirects + 1:
            raise FetchError(f"more than {limits.redirects} redirects", item=url, hint=f"the last was to {at[:200]}")
        if robots:
            _ask_robots(visit, parts, at)
        status, headers, body = visit.get(at, limits.size)
        if status in _REDIRECTS and headers.get("location"):
            at = urljoin(at, headers["location"])
            continue
        return _document(url, at, status, headers, body)


def _document(asked: str, at: str, status: int, headers: Mapping[str, str], body: bytes) -> Document:
    if status in _GONE:
        raise NotFoundError(f"the server says {status}, not found", item=asked, hint="check the address")
    if status != _OK:
        raise FetchError(f"the server answers with status {status}", item=asked, hint="open it in a browser, save the page, and give the file")
    media, _, rest = headers.get("content-type", "").partition(";")
    media = media.strip().lower()
    if media and not media.startswith(_TEXTUAL) and not media.endswith("+json"):
        raise FetchError(f"this is {media}, not an article", item=asked, hint="give the page that links to it")
    charset = next((p.split("=", 1)[1].strip(" \"'") for p in rest.split(";") if p.strip().lower().startswith("charset=")), None)
    return Document(body, asked, url=at, media_type=media or None, charset=charset, fetched=datetime.now(UTC), headers=MappingProxyType(dict(headers)))


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedError(f"this is no web address: {error}", item=url) from error
    if parts.scheme not in _PORTS or not host:
        raise RefusedError("only http and https addresses are fetched", item=url, hint="for a file, give its path")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("the address holds a user name or password", item=f"{parts.scheme}://{host}", hint="leave it out")
    return parts


class _Visit:
    """One fetch with everything it entails, against one clock."""

    def __init__(self, limits: Limits, *, allow_private: bool, resolve: Resolve) -> None:
        self.limits = limits
        self.allow_private = allow_private
        self.resolve = resolve
        self.deadline = time.monotonic() + limits.seconds

    def within_time(self, work: Callable[[], Document], url: str) -> Document:
        """Do the work and give its result, or up: names, handshakes and single bytes can be slow in ways that no socket's own timeout sees."""
        done: list[Document] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                done.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
                failed.append(error)

        thread = threading.Thread(target=run, daemon=True, name=f"onrecord fetch {url[:80]}")
        thread.start()
        thread.join(max(0.0, self.deadline - time.monotonic()))
        if failed:
            raise failed[0]
        if done:
            return done[0]
        raise self._late(url)

    def _late(self, url: str) -> FetchError:
        return FetchError(f"took longer than {self.limits.seconds:g} seconds", item=url, hint="try again later")

    def left(self, url: str) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self._late(url)
        return left

    def address(self, url: str, host: str, port: int) -> str:
        """The one address to connect to; all of the name's addresses must be public."""
        try:
            answers = self.resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"no such host: {host}", item=url, hint="check the address and the connection") from error
        addresses = [str(a[4][0]) for a in answers]
        if not addresses:
            raise FetchError(f"no such host: {host}", item=url, hint="check the address")
        bad = next((a for a in addresses if forbidden(a)), None)
        if bad and not self.allow_private:
            raise RefusedError(f"{host} is at {bad}, which is not on the public internet", item=url, hint="--allow-private fetches it all the same")
        return addresses[0]

    def get(self, url: str, size: int, *, cut: bool = False) -> tuple[int, dict[str, str], bytes]:
        """One request, no redirects. Raises FetchError; with `cut`, a body too large is cut instead."""
        parts = _checked(url)
        host = (parts.hostname or "").encode("idna").decode("ascii") if not (parts.hostname or "").isascii() else parts.hostname or ""
        port = parts.port or _PORTS[parts.scheme]
        address = self.address(url, host, port)
        timeout = urllib3.Timeout(total=self.left(url), connect=min(10.0, self.limits.seconds), read=min(20.0, self.limits.seconds))
        pool: urllib3.HTTPConnectionPool
        if parts.scheme == "https":
            pool = urllib3.HTTPSConnectionPool(address, port, timeout=timeout, retries=False, server_hostname=host, assert_hostname=host)
        else:
            pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout, retries=False)
        shown = f"[{host}]" if ":" in host else host
        headers = {
            "Host": shown if port == _PORTS[parts.scheme] else f"{shown}:{port}",
            "User-Agent": user_agent(),
            "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,text/*;q=0.8",
            "Accept-Encoding": "gzip, deflate",
        }
        target = urllib3.util.parse_url(url).request_uri
        try:
            with pool:
                response = pool.urlopen("GET", target, headers=headers, redirect=False, preload_content=False, assert_same_host=False)
                try:
                    body = self._body(response, url, size, cut=cut)
                    return response.status, {k.lower(): v for k, v in response.headers.items()}, body
                finally:
                    response.close()
        except urllib3.exceptions.HTTPError as error:
            self.left(url)
            raise FetchError(f"the connection failed: {_reason(error)}", item=url, hint="try again later") from error

    def _body(self, response: urllib3.BaseHTTPResponse, url: str, size: int, *, cut: bool) -> bytes:
        body = bytearray()
        for chunk in response.stream(_CHUNK, decode_content=True):
            self.left(url)
            body += chunk
            if len(body) > size:
                if cut:
                    break
                raise FetchError(f"larger than {size / 2**20:g} MiB", item=url, hint="articles are smaller; is this a download?")
        return bytes(body[:size])


def _reason(error: Exception) -> str:
    text = str(error)
    return text.rsplit("): ", 1)[-1][:200] or type(error).__name__


@functools.lru_cache(maxsize=512)
def _parsed(text: str) -> Any:  # noqa: ANN401 - protego has no types
    return Protego.parse(text)


def _ask_robots(visit: _Visit, parts: SplitResult, url: str) -> None:
    """RFC 9309: no robots.txt allows everything; one that cannot be had because of the server forbids everything."""
    at = f"{parts.scheme}://{parts.netloc}/robots.txt"
    for _ in range(visit.limits.redirects + 1):
        status, headers, body = visit.get(at, _ROBOTS_SIZE, cut=True)
        if status in _REDIRECTS and headers.get("location"):
            at = urljoin(at, headers["location"])
            continue
        break
    if status >= _SERVER_ERROR:
        raise RefusedError(f"robots.txt cannot be had (status {status}), so fetching is not allowed", item=url, hint="try again later, or --no-robots")
    if status >= _CLIENT_ERROR or status in _REDIRECTS:
        return
    rules = _parsed(body.decode("utf-8", "replace"))
    if not rules.can_fetch(url, user_agent()):
        raise RefusedError("robots.txt does not allow it", item=url, hint="save the page in a browser and give the file, or --no-robots")
