"""Fetching, against a real server on this machine."""

import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from onrecord.errors import FetchError, NotFoundError, RefusedError
from onrecord.sources import Limits, fetch
from onrecord.sources.web import forbidden

PAGE = "<html><body><p>“Non,” said Zoë.</p></body></html>"


class Site(BaseHTTPRequestHandler):
    robots: str | int | None = None

    def do_GET(self):
        reply = getattr(self, "on_" + self.path.strip("/").replace(".", "_").split("/")[0].split("?")[0], None)
        reply() if reply else self.send_error(404)

    def send(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in {"content-type": "text/html; charset=utf-8", "content-length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def on_robots_txt(self):
        if isinstance(Site.robots, str):
            self.send(Site.robots.encode(), **{"content-type": "text/plain"})
        else:
            self.send_error(Site.robots or 404)

    def on_page(self):
        self.send(PAGE.encode())

    def on_latin(self):
        self.send(PAGE.encode("cp1252"), **{"content-type": "text/html; charset=windows-1252"})

    def on_moved(self):
        self.send(b"", 302, location="/page")

    def on_loop(self):
        self.send(b"", 302, location="/pool")

    def on_pool(self):
        self.send(b"", 302, location="/loop")

    def on_far(self):
        self.send(b"", 301, location="http://10.0.0.7/secret")

    def on_file(self):
        self.send(b"", 301, location="file:///etc/passwd")

    def on_many(self):
        number = int(self.path.rsplit("/", 1)[-1])
        self.send(b"", 302, location=f"/many/{number + 1}")

    def on_broken(self):
        self.send(b"", 500)

    def on_picture(self):
        self.send(b"\x89PNG", **{"content-type": "image/png"})

    def on_bomb(self):
        self.send(gzip.compress(b"a" * 30_000_000), **{"content-encoding": "gzip"})

    def on_slow(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b"<p>slow</p>")
            self.wfile.flush()
            time.sleep(0.1)

    def on_trickle(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def on_cut(self):
        self.send_response(200)
        self.send_header("content-length", "1000")
        self.end_headers()
        self.wfile.write(b"<p>half")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_robots():
    Site.robots = None


def test_a_page(site):
    found = fetch(f"{site}/page", allow_private=True)
    assert found.content.decode() == PAGE
    assert (found.media_type, found.charset, found.url) == ("text/html", "utf-8", f"{site}/page")
    assert found.fetched.tzinfo is not None


def test_the_headers_name_the_encoding(site):
    found = fetch(f"{site}/latin", allow_private=True)
    assert found.charset == "windows-1252"


def test_a_redirect_gives_the_last_address(site):
    assert fetch(f"{site}/moved", allow_private=True).url == f"{site}/page"


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("nowhere", NotFoundError, "404"),
        ("broken", FetchError, "500"),
        ("loop", FetchError, "loop"),
        ("many/0", FetchError, "more than 5 redirects"),
        ("file", RefusedError, "http"),
        ("picture", FetchError, "image/png"),
        ("bomb", FetchError, "larger than 16 MiB"),
        ("cut", FetchError, "connection failed"),
    ],
)
def test_what_cannot_be_had_is_said(site, path, error, says):
    with pytest.raises(error, match=says) as raised:
        fetch(f"{site}/{path}", allow_private=True)
    assert raised.value.item == f"{site}/{path}"


@pytest.mark.parametrize("path", ["slow", "trickle"])
def test_too_slow(site, path):
    began = time.monotonic()
    with pytest.raises(FetchError, match="longer than"):
        fetch(f"{site}/{path}", allow_private=True, limits=Limits(seconds=0.6))
    assert time.monotonic() - began < 3


def test_a_private_address_is_refused(site):
    with pytest.raises(RefusedError, match="--allow-private") as raised:
        fetch(f"{site}/page")
    assert raised.value.item == f"{site}/page"


def test_one_private_answer_among_public_ones_is_enough():
    def resolve(_host, port, **_):
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    with pytest.raises(RefusedError, match=r"127\.0\.0\.1"):
        fetch("http://news.example/", resolve=resolve)


def test_a_redirect_into_the_private_network_is_refused(site, monkeypatch):
    port = int(site.rsplit(":", 1)[1])
    judged = []

    def judge(address):
        judged.append(address)
        return address != "127.0.0.1"

    monkeypatch.setattr("onrecord.sources.connection.forbidden", judge)
    with pytest.raises(RefusedError, match=r"10\.0\.0\.7"):
        fetch(f"http://127.0.0.1:{port}/far")
    assert judged[-1] == "10.0.0.7"


def test_the_judged_address_is_the_one_connected_to(site):
    port = int(site.rsplit(":", 1)[1])
    answers = iter([[(2, 1, 6, "", ("127.0.0.1", port))], [(2, 1, 6, "", ("127.0.0.1", port))]])
    found = fetch(f"http://paper.example:{port}/page", allow_private=True, resolve=lambda *_, **__: next(answers))
    assert found.content


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1", "fe80::1%eth0", "fc00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "x"],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert forbidden(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_addresses_that_are(address):
    assert not forbidden(address)


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/x", "file:///etc/passwd", "http://", "http://[::1", "http://u:p@a.example/", "gopher://x", "http://2130706433/", "http://localhost/"],
)
def test_addresses_onrecord_does_not_fetch(url):
    with pytest.raises((RefusedError, FetchError)):
        fetch(url)


def test_robots_txt_is_obeyed_and_can_be_overridden(site):
    Site.robots = "User-agent: onrecord\nDisallow: /page\n"
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        fetch(f"{site}/page", allow_private=True)
    assert fetch(f"{site}/page", allow_private=True, robots=False).content


def test_a_redirect_to_a_disallowed_page_is_refused(site):
    Site.robots = "User-agent: *\nDisallow: /page\n"
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        fetch(f"{site}/moved", allow_private=True)


def test_robots_txt_that_the_server_cannot_give_forbids(site):
    Site.robots = 503
    with pytest.raises(RefusedError, match="503"):
        fetch(f"{site}/page", allow_private=True)
