"""A web server on this machine that answers as a test says, and remembers what it was asked.

with serve() as server:
    server.page("/news", "<p>…</p>", etag='"1"')
    fetch(server.url + "/news", allow_private=True)
    assert server.asked[-1].headers["user-agent"].startswith("onrecord/")
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["Asked", "Reply", "Routes", "serve"]


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    path: str
    #: Lower-case names.
    headers: dict[str, str]
    #: When it came, by the clock of the routes.
    at: float
    #: Requests that were being answered at that time, this one included.
    together: int = 1
    #: What was sent along.
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What to answer. A header without a value is left out."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: Seconds before the first byte.
    delay: float = 0.0
    #: Seconds after each byte of the head.
    head_pause: float = 0.0
    #: Seconds after each piece of the body, and bytes of a piece.
    pause: float = 0.0
    piece: int = 1
    #: The body is all that is sent: a head is in it, or is not.
    raw: bool = False


Answering = Reply | Sequence[Reply] | Callable[[Asked], Reply]


class Routes:
    """What a server answers on each path, and what it was asked.

    Everything may be set while the server runs. A path that was not set is answered with 404, robots.txt too.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        #: Gives the moments of `asked`; a test with a clock of its own puts it here.
        self.clock: Callable[[], float] = time.monotonic
        self._replies: dict[str, Answering] = {}
        self._lock = threading.Lock()
        self._together = 0

    def __setitem__(self, path: str, reply: Answering) -> None:
        """Answer a path (with its query) with a reply, with several one after another, the last for good, or with what a function gives."""
        self._replies[path] = reply

    def page(self, path: str, body: str | bytes, *, etag: str | None = None, last_modified: str | None = None, **more) -> None:
        """Answer with a page, and with 304 to those who have it: `content_type`, `status`, `headers`, `delay`, `pause` may be given."""
        headers = {"content-type": more.pop("content_type", "text/html; charset=utf-8"), **more.pop("headers", {})}
        headers |= {name: value for name, value in (("etag", etag), ("last-modified", last_modified)) if value}
        reply = Reply(body.encode() if isinstance(body, str) else body, headers=headers, **more)

        def answer(asked: Asked) -> Reply:
            matches = [etag == asked.headers[n] for n in ("if-none-match",) if n in asked.headers] or [
                last_modified == asked.headers[n] for n in ("if-modified-since",) if n in asked.headers
            ]
            return Reply(status=304, headers=headers) if matches == [True] else reply

        self[path] = answer

    def moved(self, path: str, to: str, *, status: int = 301) -> None:
        """Answer with a redirect."""
        self[path] = Reply(status=status, headers={"location": to})

    def robots(self, text: str | None, *, status: int = 200) -> None:
        """Answer robots.txt; None for a status alone."""
        self["/robots.txt"] = Reply((text or "").encode(), status, {"content-type": "text/plain"})

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [a.path for a in self.asked]

    def begin(self, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        with self._lock:
            self._together += 1
            asked = Asked(path, headers, self.clock(), self._together, body)
            self.asked.append(asked)
            found = self._replies.get(path, Reply(b"not found", 404, {"content-type": "text/plain"}))
            if isinstance(found, Sequence):
                if len(found) > 1:
                    self._replies[path] = found[1:]
                found = found[0]
        return found if isinstance(found, Reply) else found(asked)

    def end(self) -> None:
        with self._lock:
            self._together -= 1


class Server(Routes):
    """Routes with an address."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.url = f"http://127.0.0.1:{port}"


class _Listener(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, secure: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes = Server(self.server_port)
        self.closing = threading.Event()
        self._secure = secure

    def finish_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:
        if self._secure is None:
            super().finish_request(request, client_address)
            return
        # Here and not where connections are taken, so that one bad handshake holds up nobody else.
        with self._secure.wrap_socket(request, server_side=True) as wrapped:
            super().finish_request(wrapped, client_address)

    def handle_error(self, *_) -> None:
        """Say nothing of a connection that was reset before it was read."""


class _Handler(BaseHTTPRequestHandler):
    server: _Listener

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        reply = self.server.routes.begin(self.path, {k.lower(): _as_sent(v) for k, v in self.headers.items()}, body)
        self.server.closing.wait(reply.delay)
        slow = reply.pause or reply.head_pause
        if not slow:
            # Before it is sent: whoever has it may be back before this thread gets any further.
            self.server.routes.end()
        # Whoever asked may have left, as some tests want it.
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            self._send(reply)
        if slow:
            self.server.routes.end()

    def _send(self, reply: Reply) -> None:
        if not reply.raw:
            self._head(reply)
        if reply.status == 304:
            return
        if not reply.pause:
            self.wfile.write(reply.body)
            return
        for start in range(0, len(reply.body), reply.piece):
            self.wfile.write(reply.body[start : start + reply.piece])
            if self.server.closing.wait(reply.pause):
                return

    def _head(self, reply: Reply) -> None:
        headers = {name.lower(): value for name, value in reply.headers.items()}
        if reply.status != 304 and "transfer-encoding" not in headers:
            headers.setdefault("content-length", str(len(reply.body)))
        lines = [f"HTTP/1.1 {reply.status} -", *(f"{k}: {v}" for k, v in headers.items() if v), "connection: close", "", ""]
        head = "\r\n".join(lines).encode("utf-8")
        if not reply.head_pause:
            self.wfile.write(head)
            return
        for number in range(len(head)):
            self.wfile.write(head[number : number + 1])
            if self.server.closing.wait(reply.head_pause):
                return

    def log_message(self, *_) -> None:
        """Keep still."""


def _as_sent(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


@contextmanager
def serve(*, certificate: tuple[Path, Path] | None = None) -> Iterator[Server]:
    """Run a server on a free port of 127.0.0.1 while the block lasts; its threads end with it.

    With a certificate and its key it speaks https, although `url` says http.
    """
    secure: ssl.SSLContext | None = None
    if certificate is not None:
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(*certificate)
    listener = _Listener(secure)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.005}, name="local server")
    thread.start()
    try:
        yield listener.routes
    finally:
        listener.closing.set()
        listener.shutdown()
        thread.join()
        listener.server_close()
