"""Fetching one page, against a real server on this machine."""

import gzip
import time

import pytest
from local_server import Reply

from onrecord.errors import FetchError, NotFoundError, RefusedError, TryLaterError
from onrecord.sources import Limits, fetch
from onrecord.sources.web import forbidden, user_agent

PAGE = "<html><body><p>“Non,” said Zoë.</p></body></html>"
HTML = {"content-type": "text/html; charset=utf-8"}


@pytest.fixture
def site(server):
    server.page("/page", PAGE)
    server.page("/latin", PAGE.encode("cp1252"), content_type="text/html; charset=windows-1252")
    server.page("/picture", b"\x89PNG", content_type="image/png")
    server.page("/bomb", gzip.compress(b"a" * 30_000_000), headers={"content-encoding": "gzip"})
    server.moved("/moved", "/page", status=302)
    server.moved("/loop", "/pool", status=302)
    server.moved("/pool", "/loop", status=302)
    server.moved("/far", "http://10.0.0.7/secret")
    server.moved("/file", "file:///etc/passwd")
    for number in range(9):
        server.moved(f"/many/{number}", f"/many/{number + 1}", status=302)
    server["/broken"] = Reply(status=500)
    server["/cut"] = Reply(b"<p>half", headers={**HTML, "content-length": "1000"})
    server["/slow"] = Reply(b"<p>slow</p>" * 40, headers=HTML, pause=0.1, piece=11)
    server["/trickle"] = Reply(b"x" * 60, headers={"content-length": ""}, pause=0.1)
    return server.url


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


def test_a_single_page_is_not_kept_waiting(site, server):
    server.robots("User-agent: *\nCrawl-delay: 20\nDisallow: /x")
    began = time.monotonic()
    assert fetch(f"{site}/moved", allow_private=True).content
    assert server.paths == ["/robots.txt", "/moved", "/page"]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("nowhere", NotFoundError, "404"),
        ("broken", TryLaterError, "500"),
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
    with pytest.raises(TryLaterError, match="longer than"):
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
    judged = []

    def judge(address):
        judged.append(address)
        return address != "127.0.0.1"

    monkeypatch.setattr("onrecord.sources.connection.forbidden", judge)
    with pytest.raises(RefusedError, match=r"10\.0\.0\.7"):
        fetch(f"{site}/far")
    assert judged[-1] == "10.0.0.7"


@pytest.mark.usefixtures("site")
def test_the_judged_address_is_the_one_connected_to(server):
    answers = iter([[(2, 1, 6, "", ("127.0.0.1", server.port))], [(2, 1, 6, "", ("127.0.0.1", server.port))]])
    found = fetch(f"http://paper.example:{server.port}/page", allow_private=True, resolve=lambda *_, **__: next(answers))
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


def test_robots_txt_is_obeyed_and_can_be_overridden(site, server):
    server.robots("User-agent: onrecord\nDisallow: /page\n")
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        fetch(f"{site}/page", allow_private=True)
    assert fetch(f"{site}/page", allow_private=True, robots=False).content


def test_a_redirect_to_a_disallowed_page_is_refused(site, server):
    server.robots("User-agent: *\nDisallow: /page\n")
    with pytest.raises(RefusedError, match=r"robots\.txt"):
        fetch(f"{site}/moved", allow_private=True)


def test_robots_txt_that_the_server_cannot_give_forbids(site, server):
    server.robots(None, status=503)
    with pytest.raises(RefusedError, match="503"):
        fetch(f"{site}/page", allow_private=True)


def test_onrecord_says_who_it_is():
    assert user_agent().startswith("onrecord/")
    assert user_agent("desk@paper.example").endswith("(desk@paper.example)")
