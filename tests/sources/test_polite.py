"""Polite fetching, against real servers on this machine."""

import gc
import gzip
import itertools
import pickle
import shutil
import socket
import subprocess
import sys
import threading
import time
import warnings
import zlib
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from local_server import Reply, serve

from onrecord.errors import FetchError, NotFoundError, OnrecordError, RefusedError, TryLaterError
from onrecord.sources import Answer, Limits, Request, Web
from onrecord.sources import connection as connection_module
from onrecord.sources.hosts import asked_wait

PAGE = "<html><body><p>“Nein”, sagte Zoë.</p></body></html>"
HTML = {"content-type": "text/html; charset=utf-8"}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self):
        self.seconds = 1000.0
        self._lock = threading.Lock()

    def __call__(self):
        return self.seconds

    def sleep(self, seconds):
        with self._lock:
            self.seconds += seconds


@pytest.fixture
def clock(server):
    server.clock = found = Clock()
    return found


def nowhere_else(host, port, **more):
    """Names of this machine; no test asks a name server."""
    if host in ("127.0.0.1", "localhost", "10.0.0.7"):
        return socket.getaddrinfo(host, port, **more)
    raise socket.gaierror(-2, "Name or service not known")


def web_of(clock=None, **more):
    more = {"allow_private": True, "robots": False, "per_host_seconds": 0.0, "resolve": nowhere_else} | more
    return Web(**more, clock=clock, sleep=clock.sleep) if clock else Web(**more)


def left_over():
    return [t for t in threading.enumerate() if t.name.startswith("onrecord")]


@pytest.fixture(autouse=True)
def no_threads_are_left():
    yield
    assert not left_over()


# What is there


def test_a_page(server):
    server.page("/a", PAGE, etag='"1"', last_modified="Sun, 01 Mar 2026 12:00:00 GMT")
    answer = web_of(now=lambda: NOW).get(Request(f"{server.url}/a"))
    assert answer.error is None
    assert answer.document.content.decode() == PAGE
    assert (answer.document.charset, answer.document.media_type, answer.document.fetched) == ("utf-8", "text/html", NOW)
    assert (answer.etag, answer.last_modified, answer.moved_to) == ('"1"', "Sun, 01 Mar 2026 12:00:00 GMT", None)


@pytest.mark.parametrize(
    ("value", "charset"),
    [("text/html; charset=windows-1252", "windows-1252"), ('text/html;Charset="UTF-8"', "UTF-8"), ("text/html; charset=", None), ("text/html", None)],
)
def test_the_encoding_that_the_headers_name(server, value, charset):
    server.page("/a", PAGE, content_type=value)
    assert web_of().get(Request(f"{server.url}/a")).document.charset == charset


@pytest.mark.parametrize(
    ("packing", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", lambda b: zlib.compress(b, wbits=-15)), ("identity", bytes), ("gzip, gzip", lambda b: gzip.compress(gzip.compress(b)))],
)  # fmt: skip
def test_packed_bodies_are_unpacked(server, packing, pack):
    server.page("/a", pack(PAGE.encode()), headers={"content-encoding": packing})
    assert web_of().get(Request(f"{server.url}/a")).document.content.decode() == PAGE


def test_a_body_in_chunks_and_one_without_a_length(server):
    server["/chunks"] = Reply(b"5\r\n<p>ab\r\n3\r\nc</\r\n2\r\np>\r\n0\r\n\r\n", headers={**HTML, "transfer-encoding": "chunked"})
    server["/open"] = Reply(b"<p>abc</p>", headers={**HTML, "content-length": ""})
    web = web_of()
    assert web.get(Request(f"{server.url}/chunks")).document.content == b"<p>abc</p>"
    assert web.get(Request(f"{server.url}/open")).document.content == b"<p>abc</p>"


def test_nothing_tells_the_server_more_than_it_needs(server):
    server.page("/a", PAGE)
    web_of(about="desk@paper.example").get(Request(f"{server.url}/a?x=ü#part"))
    asked = server.asked[0]
    assert asked.path == "/a?x=%C3%BC"
    assert "desk@paper.example" in asked.headers.pop("user-agent")
    assert set(asked.headers) == {"host", "accept", "accept-encoding", "connection"}


# What has not changed


def test_a_page_that_has_not_changed_is_not_sent_again(server):
    server.page("/a", PAGE, etag='W/"ü1"', last_modified="Sun, 01 Mar 2026 12:00:00 GMT")
    web = web_of()
    first = web.get(Request(f"{server.url}/a"))
    again = web.get(Request(f"{server.url}/a", etag=first.etag))
    assert (again.not_modified, again.document, again.error) == (True, None, None)
    by_date = web.get(Request(f"{server.url}/a", last_modified=first.last_modified))
    assert by_date.not_modified
    assert by_date.last_modified == first.last_modified


def test_validators_outlive_an_answer_that_does_not_repeat_them(server):
    server["/a"] = Reply(status=304)
    answer = web_of().get(Request(f"{server.url}/a", etag='"1"', last_modified="yesterday"))
    assert (answer.not_modified, answer.etag, answer.last_modified) == (True, '"1"', "yesterday")


def test_a_page_that_has_changed_is_sent(server):
    server.page("/a", PAGE, etag='"2"')
    answer = web_of().get(Request(f"{server.url}/a", etag='"1"'))
    assert answer.document
    assert answer.etag == '"2"'


def test_not_modified_without_having_been_asked_is_an_error(server):
    server["/a"] = Reply(status=304)
    assert "304" in web_of().get(Request(f"{server.url}/a")).error.message


@pytest.mark.parametrize("value", ['"1"\r\nX-Evil: 1', "\n", "", "“1”", "\x00", "\udc80"])
def test_a_validator_that_cannot_be_a_header_is_left_out(server, value):
    server.page("/a", PAGE)
    assert web_of().get(Request(f"{server.url}/a", etag=value, last_modified=value)).document
    assert not {"if-none-match", "if-modified-since", "x-evil"} & set(server.asked[0].headers)


# Where it has moved


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ([301], "/1"),
        ([308], "/1"),
        ([302], None),
        ([303], None),
        ([307], None),
        ([301, 308], "/2"),
        ([301, 302], "/1"),
        ([302, 301], None),
        ([301, 307, 301], "/1"),
    ],
)
def test_a_move_for_good_is_told_from_one_for_now(server, statuses, moved_to):
    for number, status in enumerate(statuses):
        server.moved(f"/{number}", f"/{number + 1}", status=status)
    server.page(f"/{len(statuses)}", PAGE)
    answer = web_of().get(Request(f"{server.url}/0"))
    assert answer.document.url == f"{server.url}/{len(statuses)}"
    assert answer.document.name == f"{server.url}/0"
    assert answer.moved_to == (moved_to and server.url + moved_to)


def test_a_page_that_has_moved_and_not_changed(server):
    server.moved("/a", "/b")
    server.page("/b", PAGE, etag='"1"')
    answer = web_of().get(Request(f"{server.url}/a", etag='"1"'))
    assert (answer.not_modified, answer.moved_to) == (True, f"{server.url}/b")


def test_a_move_to_nowhere_is_none(server):
    server.moved("/a", "/gone")
    answer = web_of().get(Request(f"{server.url}/a"))
    assert isinstance(answer.error, NotFoundError)
    assert answer.moved_to is None


@pytest.mark.parametrize("to", ["/é à.html?q=ü#top", "/%C3%A9%20%C3%A0.html?q=%C3%BC", "  /é à.html?q=ü  "])
def test_where_to_is_read_however_it_is_written(server, to):
    server.moved("/a", to)
    server.page("/%C3%A9%20%C3%A0.html?q=%C3%BC", PAGE)
    assert web_of().get(Request(f"{server.url}/a")).document


@pytest.mark.parametrize(
    ("to", "error", "says"),
    [
        ("/a", FetchError, "loop"),
        ("file:///etc/passwd", RefusedError, "http"),
        ("http://[::1", RefusedError, "no web address"),
        ("http://user:word@news.example/", RefusedError, "user name"),
        ("javascript:0", RefusedError, "http"),
    ],
)
def test_redirects_that_lead_astray(server, to, error, says):
    server.moved("/a", to, status=302)
    answer = web_of().get(Request(f"{server.url}/a"))
    assert type(answer.error) is error
    assert says in answer.error.message
    assert answer.error.item == f"{server.url}/a"


def test_redirects_in_a_circle_and_without_end(server):
    server.moved("/a", "/b")
    server.moved("/b", "/a")
    for number in range(9):
        server.moved(f"/{number}", f"/{number + 1}")
    web = web_of(limits=Limits(redirects=4))
    assert "loop" in web.get(Request(f"{server.url}/a")).error.message
    assert "more than 4 redirects" in web.get(Request(f"{server.url}/0")).error.message
    assert server.paths == ["/a", "/b", "/0", "/1", "/2", "/3", "/4"]


# What is not there


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone(server, status):
    server["/a"] = Reply(status=status)
    answer = web_of().get(Request(f"{server.url}/a"))
    assert isinstance(answer.error, NotFoundError)
    assert str(status) in answer.error.message


@pytest.mark.parametrize(("status", "error"), [(404, NotFoundError), (403, FetchError), (503, TryLaterError), (301, type(None))])
def test_the_body_of_a_failure_or_a_redirect_does_not_matter(server, status, error):
    headers = {"content-encoding": "gzip", "content-length": "900000000", "location": "/b"}
    server["/a"] = Reply(b"no gzip, and short", status, headers)
    server.page("/b", PAGE)
    assert type(web_of().get(Request(f"{server.url}/a")).error) is error


@pytest.mark.parametrize("status", [204, 206, 300, 302, 401, 402, 403, 418, 451])
def test_other_statuses_are_no_documents_and_no_reason_to_wait(server, status):
    server["/a"] = Reply(b"x", status, HTML)
    web = web_of()
    for _ in range(2):
        answer = web.get(Request(f"{server.url}/a"))
        assert type(answer.error) is FetchError
        assert str(status) in answer.error.message
        assert answer.retry_after is None
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://a.example/", "http://", "http://[", "http://u:p@a.example/", "/etc/passwd", "http://a b/", "http://\udc80/", "http://a.example:99999/"],
)
def test_what_is_no_address_is_refused(url):
    answer = web_of().get(Request(url))
    assert isinstance(answer.error, RefusedError)
    assert answer.error.hint


def test_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = web_of().get(Request(f"http://127.0.0.1:{taken.getsockname()[1]}/"))
    assert "connection failed" in answer.error.message


def test_a_name_that_nobody_has():
    def nobody(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    assert "no such host" in web_of(resolve=nobody).get(Request("http://paper.example/")).error.message
    assert "no such host" in web_of(resolve=lambda *_, **__: []).get(Request("http://paper.example/")).error.message


def test_the_second_address_of_a_name_is_tried(server):
    server.page("/a", PAGE)
    taken = [(2, 1, 6, "", (address, server.port)) for address in ("127.0.0.2", "127.0.0.1")]
    assert web_of(resolve=lambda *_, **__: taken).get(Request(f"http://paper.example:{server.port}/a")).document
    assert server.asked[0].headers["host"] == f"paper.example:{server.port}"


# What is too much


def bomb(size):
    return gzip.compress(b"\0" * size)


def test_a_small_package_that_holds_too_much(server):
    server.page("/a", bomb(40_000_000), headers={"content-encoding": "gzip"})
    server.page("/b", gzip.compress(bomb(40_000_000)), headers={"content-encoding": "gzip, gzip"})
    web = web_of()
    assert "larger than 16 MiB" in web.get(Request(f"{server.url}/a")).error.message
    assert "larger than 16 MiB" in web.get(Request(f"{server.url}/b")).error.message
    assert "larger than 32 MiB" in web.get(Request(f"{server.url}/a", kind="feed")).error.message


def test_a_feed_may_be_larger_than_a_page(server):
    server.page("/a", b"<rss/>" * 4_000_000, content_type="application/xml")
    web = web_of()
    assert "larger than 16 MiB" in web.get(Request(f"{server.url}/a")).error.message
    assert len(web.get(Request(f"{server.url}/a", kind="feed")).document.content) == 24_000_000


def test_bytes_are_counted_even_where_no_body_is(server):
    server["/a"] = Reply(b"HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\n" + b"1;" + b"x" * 60000 + b"\r\na\r\n" * 2, raw=True)
    server["/b"] = Reply(b"".join(b"HTTP/1.1 100 -\r\n\r\n" for _ in range(200_000)), raw=True)
    web = web_of(limits=Limits(size=1000))
    for path in "ab":
        assert isinstance(web.get(Request(f"{server.url}/{path}")).error, FetchError)


def test_a_length_that_is_not_kept(server):
    server["/short"] = Reply(b"<p>half", headers={**HTML, "content-length": "1000"})
    server["/long"] = Reply(b"<p>whole</p> and more", headers={**HTML, "content-length": "12"})
    server["/cut"] = Reply(b"9\r\n<p>whole</", headers={**HTML, "transfer-encoding": "chunked"})
    server["/odd"] = Reply(b"<p>whole</p>", headers={**HTML, "content-length": "many"})
    web = web_of()
    assert "connection failed" in web.get(Request(f"{server.url}/short")).error.message
    assert "connection failed" in web.get(Request(f"{server.url}/cut")).error.message
    assert web.get(Request(f"{server.url}/long")).document.content == b"<p>whole</p>"
    assert web.get(Request(f"{server.url}/odd")).document.content == b"<p>whole</p>"


@pytest.mark.parametrize(
    ("packing", "says"),
    [
        ("gzip", "not packed the way"),
        ("deflate", "not packed the way"),
        ("br", "packed with br"),
        ("zstd", "packed with zstd"),
        ("gzip, rot13", "packed with rot13"),
    ],
)
def test_a_packing_that_is_not_as_said_or_not_asked_for(server, packing, says):
    server.page("/a", PAGE, headers={"content-encoding": packing})
    assert says in web_of().get(Request(f"{server.url}/a")).error.message


# What is too slow


@pytest.mark.parametrize(
    "reply",
    [
        Reply(PAGE.encode(), delay=30),
        Reply(PAGE.encode(), headers=HTML, head_pause=0.05),
        Reply(PAGE.encode() * 9, headers=HTML, pause=0.05),
        Reply(b"4\r\n<p>a\r\n" * 99, headers={**HTML, "transfer-encoding": "chunked"}, pause=0.05),
        Reply(gzip.compress(PAGE.encode() * 9, 0), headers={**HTML, "content-encoding": "gzip"}, pause=0.05),
    ],
    ids=["silence", "head byte by byte", "body byte by byte", "chunks byte by byte", "gzip byte by byte"],
)
def test_a_server_that_takes_its_time_is_left(server, reply):
    server["/a"] = reply
    began = time.monotonic()
    answer = web_of(limits=Limits(seconds=0.6)).get(Request(f"{server.url}/a"))
    assert 0.5 < time.monotonic() - began < 5
    assert isinstance(answer.error, TryLaterError)
    assert "longer than 0.6 seconds" in answer.error.message
    assert answer.retry_after == answer.error.retry_after == 10.0


def test_slow_redirects_share_one_time(server):
    for number in range(6):
        server[f"/{number}"] = Reply(status=302, headers={"location": f"/{number + 1}"}, delay=0.25)
    began = time.monotonic()
    assert "longer than" in web_of(limits=Limits(seconds=0.6)).get(Request(f"{server.url}/0")).error.message
    assert time.monotonic() - began < 5


def test_a_name_server_that_does_not_answer():
    over = threading.Event()

    def slow(*_, **__):
        over.wait(20)
        return []

    began = time.monotonic()
    answer = web_of(limits=Limits(seconds=0.4), resolve=slow).get(Request("http://paper.example/"))
    over.set()
    assert "longer than" in answer.error.message
    assert time.monotonic() - began < 5
    for thread in left_over():
        thread.join(5)


def test_a_server_that_takes_the_connection_and_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        answer = web_of(limits=Limits(seconds=0.4)).get(Request(f"https://127.0.0.1:{mute.getsockname()[1]}/"))
    assert isinstance(answer.error, TryLaterError)


# A host in trouble


def test_a_host_that_asks_for_patience_is_left_alone(server, clock):
    server["/a"] = [Reply(status=429, headers={"retry-after": "120"}), Reply(PAGE.encode(), headers=HTML)]
    server.page("/b", PAGE)
    web = web_of(clock)
    first = web.get(Request(f"{server.url}/a"))
    assert isinstance(first.error, TryLaterError)
    assert (first.retry_after, first.error.retry_after) == (120.0, 120.0)
    clock.sleep(50)
    second = web.get(Request(f"{server.url}/b"))
    assert (second.error.message, second.retry_after, second.error.item) == (first.error.message, 70.0, f"{server.url}/b")
    assert server.paths == ["/a"]
    clock.sleep(70)
    assert web.get(Request(f"{server.url}/b")).document
    assert web.get(Request(f"{server.url}/a")).document
    assert pickle.loads(pickle.dumps(first.error)).retry_after == 120.0  # noqa: S301 - its own


def test_a_host_in_trouble_is_left_alone_for_ever_longer_and_forgiven_at_once(server, clock):
    server["/a"] = [*(Reply(status=s) for s in (500, 502, 503, 429)), Reply(PAGE.encode(), headers=HTML), Reply(status=500)]
    web = web_of(clock, first_wait=8.0, longest_wait=30.0)
    waits = []
    for _ in range(6):
        answer = web.get(Request(f"{server.url}/a"))
        waits.append(answer.retry_after)
        clock.sleep(answer.retry_after or 0)
    assert waits == [8.0, 16.0, 30.0, 30.0, None, 8.0]
    assert len(server.asked) == 6


def test_one_host_in_trouble_leaves_the_others_be(server, clock):
    server["/a"] = Reply(status=503)
    web = web_of(clock)
    web.get(Request(f"{server.url}/a"))
    with serve() as other:
        other.page("/a", PAGE)
        assert web.get(Request(f"{other.url}/a")).document
    # A name of its own is a host of its own.
    server.page("/b", PAGE)
    assert web.get(Request(f"http://localhost:{server.port}/b")).document


def test_trouble_where_a_redirect_leads_is_that_hosts_trouble(server, clock):
    with serve() as other:
        server.moved("/a", f"{other.url}/b")
        server.page("/c", PAGE)
        other["/b"] = Reply(status=503, headers={"retry-after": "60"})
        web = web_of(clock)
        answer = web.get(Request(f"{server.url}/a"))
        assert answer.retry_after == 60.0
        assert answer.error.item == f"{server.url}/a"
        assert other.url in answer.error.message
        assert web.get(Request(f"{server.url}/c")).document
        assert isinstance(web.get(Request(f"{other.url}/c")).error, TryLaterError)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("0", None, 0),
        ("120", None, 120),
        (" 1.5 ", None, 1.5),
        (format_datetime(NOW + timedelta(minutes=2), usegmt=True), None, 120),
        (format_datetime(NOW - timedelta(minutes=2), usegmt=True), None, 0),
        # The server's clock is an hour ahead; its own date says so.
        (format_datetime(NOW + timedelta(minutes=62), usegmt=True), format_datetime(NOW + timedelta(hours=1), usegmt=True), 120),
        ("Sun, 01 Mar 2026 12:02:00 -0000", None, 120),
        *((junk, None, None) for junk in ("", "soon", "-5", "9" * 5000, "1e9", "nan", "inf", "٣", "Sun, 99 Foo 2026 99:99:99 GMT", "2026-03-01T12:02:00Z")),
    ],
)
def test_how_long_a_server_asks_to_wait(value, date, seconds):
    assert asked_wait({"retry-after": value, **({"date": date} if date else {})}, now=NOW) == seconds


@given(st.text(), st.text())
def test_any_wish_is_a_number_of_seconds_or_none(value, date):
    found = asked_wait({"retry-after": value, "date": date}, now=NOW)
    assert found is None or found >= 0


def test_nobody_can_be_made_to_wait_for_years(server, clock):
    server["/a"] = Reply(status=503, headers={"retry-after": "999999999"})
    assert web_of(clock).get(Request(f"{server.url}/a")).retry_after == 86400.0


# robots.txt


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /a", False),
        ("User-agent: onrecord\nDisallow: /", False),
        ("User-agent: OnRecord\r\nDisallow: /*.html$\r\nDisallow: /a*", False),
        ("\ufeffUser-agent: *\nDisallow: /a", False),
        ("User-agent: *\nDisallow: /b", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: onrecord\nAllow: /", True),
        ("User-agent: otherbot\nDisallow: /", True),
        # Words of the User-Agent that are no name.
        ("User-agent: news\nDisallow: /\n\nUser-agent: research\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\nAllow: /a", True),
        ("<html>nothing of the kind</html>", True),
        ("", True),
        ("\0\ud7ff: :::\nDisallow", True),
    ],
)
def test_rules_are_obeyed(server, text, allowed):
    server.robots(text)
    server.page("/a", PAGE)
    answer = web_of(robots=True).get(Request(f"{server.url}/a"))
    assert (answer.document is not None) == allowed
    assert server.paths == ["/robots.txt", "/a"][: 1 + allowed]
    if not allowed:
        assert isinstance(answer.error, RefusedError)
        assert "robots.txt" in answer.error.message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_rules_allow_everything(server, status):
    server.robots("User-agent: *\nDisallow: /", status=status)
    server.page("/a", PAGE)
    assert web_of(robots=True).get(Request(f"{server.url}/a")).document


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_rules_that_the_server_cannot_give_forbid_for_a_while(server, clock, status):
    server["/robots.txt"] = [Reply(status=status), Reply(b"User-agent: *\nDisallow: /b")]
    server.page("/a", PAGE)
    web = web_of(clock, robots=True)
    answer = web.get(Request(f"{server.url}/a"))
    assert isinstance(answer.error, RefusedError)
    assert str(status) in answer.error.message
    assert answer.retry_after == 600.0
    clock.sleep(300)
    assert web.get(Request(f"{server.url}/b")).retry_after == 300.0
    assert server.paths == ["/robots.txt"]
    clock.sleep(300)
    assert web.get(Request(f"{server.url}/a")).document


def test_a_server_that_cannot_give_rules_may_say_for_how_long(server, clock):
    server["/robots.txt"] = Reply(status=503, headers={"retry-after": "7"})
    assert web_of(clock, robots=True).get(Request(f"{server.url}/a")).retry_after == 7.0


def test_rules_are_kept_for_a_day(server, clock):
    server.robots("User-agent: *\nDisallow: /b")
    server.page("/a", PAGE)
    web = web_of(clock, robots=True)
    for seconds in (0, 80_000, 6_000, 600):
        clock.sleep(seconds)
        assert web.get(Request(f"{server.url}/a")).document
    assert server.paths == ["/robots.txt", "/a", "/a", "/a", "/robots.txt", "/a"]


def test_rules_elsewhere_are_found_and_rules_in_a_circle_are_none(server):
    server.moved("/robots.txt", "/rules", status=302)
    server["/rules"] = Reply(b"User-agent: *\nDisallow: /a")
    assert isinstance(web_of(robots=True).get(Request(f"{server.url}/a")).error, RefusedError)
    server.moved("/rules", "/robots.txt")
    server.page("/a", PAGE)
    assert web_of(robots=True).get(Request(f"{server.url}/a")).document


def test_where_a_redirect_leads_has_rules_of_its_own(server):
    with serve() as other:
        other.robots("User-agent: *\nDisallow: /b")
        other.page("/b", PAGE)
        server.moved("/a", f"{other.url}/b")
        answer = web_of(robots=True).get(Request(f"{server.url}/a"))
        assert isinstance(answer.error, RefusedError)
        assert other.paths == ["/robots.txt"]


def test_rules_too_long_are_read_as_far_as_they_must_be(server):
    server.robots("User-agent: *\nDisallow: /a\n" + "# more\n" * 200_000 + "Disallow: /b\n")
    server.page("/b", PAGE)
    web = web_of(robots=True)
    assert isinstance(web.get(Request(f"{server.url}/a")).error, RefusedError)
    assert web.get(Request(f"{server.url}/b")).document


def test_rules_made_to_be_slow_are_not(server):
    server.robots("User-agent: *\nDisallow: /" + "a*" * 2000 + "b$\n")
    server.page("/" + "a" * 4000, PAGE)
    began = time.monotonic()
    assert web_of(robots=True).get(Request(f"{server.url}/{'a' * 4000}")).document
    assert time.monotonic() - began < 5


# One at a time, with a pause


def gaps(server):
    return [b.at - a.at for a, b in itertools.pairwise(server.asked)]


def test_a_pause_between_all_requests_to_a_host(server, clock):
    server.robots("User-agent: *\nDisallow: /x")
    server.moved("/a", "/b", status=302)
    server.page("/b", PAGE)
    server.page("/c", PAGE)
    web = web_of(clock, robots=True, per_host_seconds=3.0)
    web.get(Request(f"{server.url}/a"))
    clock.sleep(1)
    web.get(Request(f"{server.url}/c"))
    clock.sleep(100)
    web.get(Request(f"{server.url}/c"))
    assert server.paths == ["/robots.txt", "/a", "/b", "/c", "/c"]
    assert gaps(server) == [3.0, 3.0, 3.0, 100.0]


@pytest.mark.parametrize(("asked", "pause"), [("7", 7.0), ("0.5", 2.0), ("600", 20.0), ("soon", 2.0), ("-3", 2.0), ("nan", 2.0), ("inf", 2.0)])
def test_the_pause_that_robots_txt_asks_for_within_bounds(server, clock, asked, pause):
    server.robots(f"User-agent: *\nCrawl-delay: {asked}\nDisallow: /x")
    server.page("/a", PAGE)
    web = web_of(clock, robots=True, per_host_seconds=2.0, longest_pause=20.0)
    for _ in range(2):
        web.get(Request(f"{server.url}/a"))
    assert gaps(server) == [pause, pause]


def test_pauses_do_not_count_as_slowness(server):
    server.page("/a", PAGE)
    web = web_of(per_host_seconds=0.5, limits=Limits(seconds=0.4))
    assert [bool(web.get(Request(f"{server.url}/a")).document) for _ in range(3)] == [True] * 3
    assert min(gaps(server)) > 0.45


def test_threads_of_the_caller_take_turns_at_a_host(server):
    for number in range(4):
        server.page(f"/{number}", PAGE, delay=0.05)
    web = web_of()
    threads = [threading.Thread(target=web.get, args=(Request(f"{server.url}/{n}"),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.together for a in server.asked} == {1}
    assert len(server.asked) == 4


# Many


def test_many_pages_of_many_hosts(server):
    with ExitStack() as stack:
        servers = [server, *(stack.enter_context(serve()) for _ in range(3))]
        for each in servers:
            for number in range(4):
                each.page(f"/{number}", PAGE, delay=0.2)
        began = time.monotonic()
        requests = [Request(f"{s.url}/{n}") for s in servers for n in range(5)]
        answers = list(web_of().get_many(requests))
        took = time.monotonic() - began
        assert {a.request for a in answers} == set(requests)
        assert len(answers) == 20
        assert [type(a.error) for a in answers if a.error] == [NotFoundError] * 4
        for each in servers:
            assert {a.together for a in each.asked} == {1}
            # In the order in which they were asked for.
            assert each.paths == [f"/{n}" for n in range(5)]
        # One after another they take 3.2 seconds and more.
        assert took < 2.8


def test_one_host_has_a_pause_while_another_is_asked(server, clock):
    with serve() as other:
        other.clock = clock
        for each in (server, other):
            for number in range(3):
                each.page(f"/{number}", PAGE)
        web = web_of(clock, per_host_seconds=5.0)
        answers = list(web.get_many(Request(f"{s.url}/{n}") for n in range(3) for s in (server, other)))
        assert all(a.document for a in answers)
        for each in (server, other):
            assert all(5.0 <= gap <= 6.0 for gap in gaps(each))


def test_requests_are_taken_as_they_are_needed(server):
    server.page("/a", PAGE)
    taken = []

    def requests():
        for number in range(1000):
            taken.append(number)
            yield Request(f"{server.url}/a?{number}")

    answers = web_of(ahead=5).get_many(requests())
    assert taken == []
    next(answers)
    assert 1 <= len(taken) <= 6
    answers.close()
    assert len(taken) <= 6


def test_a_host_with_many_requests_does_not_keep_the_others_waiting(server):
    with serve() as other:
        server.page("/a", PAGE, delay=0.05)
        other.page("/b", PAGE)
        requests = [Request(f"{server.url}/a")] * 10 + [Request(f"{other.url}/b")]
        answers = list(web_of().get_many(requests))
        assert [a.request.url for a in answers].index(f"{other.url}/b") < 3


def test_stopping_early_ends_a_connection_that_nobody_takes():
    # A listener with a full queue: further connections hang, as those to a dead host do.
    with socket.socket() as full, ExitStack() as stack:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            queued = stack.enter_context(socket.socket())
            queued.settimeout(0)
            queued.connect_ex(full.getsockname())
        with serve() as other:
            other.page("/a", PAGE, delay=0.3)
            answers = web_of().get_many([Request(f"http://127.0.0.1:{full.getsockname()[1]}/"), Request(f"{other.url}/a")])
            assert next(answers).document
            began = time.monotonic()
            answers.close()
            assert time.monotonic() - began < 5


def test_a_long_pause_after_robots_txt_keeps_no_thread_from_other_hosts(server, three):
    slow = (server, *three[:2])
    for each in slow:
        each.robots("User-agent: *\nCrawl-delay: 1\nDisallow: /x")
        each.page("/a", PAGE)
    three[2].page("/a", PAGE)
    began = time.monotonic()
    when = {}
    for answer in web_of(robots=True, parallel=1).get_many(Request(f"{each.url}/a") for each in (*slow, three[2])):
        assert answer.document
        when[answer.request.url] = time.monotonic() - began
    assert next(iter(when)) == f"{three[2].url}/a"
    # One after another they take three.
    assert max(when.values()) < 2.8
    for each in slow:
        assert each.paths == ["/robots.txt", "/a"]
        assert gaps(each)[0] >= 0.95


def test_stopping_early_ends_the_work_in_hand(server):
    server.page("/a", PAGE)
    server["/slow"] = Reply(PAGE.encode(), headers=HTML, delay=60)
    with serve() as other:
        other["/slow"] = Reply(PAGE.encode(), headers=HTML, pause=0.05)
        answers = web_of().get_many([Request(f"{other.url}/slow"), Request(f"{server.url}/a"), Request(f"{server.url}/slow"), Request(f"{server.url}/a")])
        assert next(answers).document
        began = time.monotonic()
        answers.close()
        assert time.monotonic() - began < 5
        assert not left_over()


def test_a_host_in_trouble_is_not_asked_again_by_those_behind(server, clock):
    server["/0"] = Reply(status=503, headers={"retry-after": "30"})
    answers = list(web_of(clock, per_host_seconds=1.0).get_many(Request(f"{server.url}/{n}") for n in range(50)))
    assert len(answers) == 50
    assert all(isinstance(a.error, TryLaterError) for a in answers)
    assert server.paths == ["/0"]
    assert clock() < 1031


def test_what_is_no_address_and_what_is_no_good_among_many(server):
    server.page("/a", PAGE)
    answers = list(web_of().get_many([Request("nonsense"), Request(f"{server.url}/a"), Request("http://["), Request("ftp://a.example/")]))
    assert sum(isinstance(a.error, RefusedError) for a in answers) == 3
    assert sum(a.document is not None for a in answers) == 1


def test_none_and_a_source_that_fails(server):
    server.page("/a", PAGE)
    assert list(web_of().get_many([])) == []

    def failing():
        yield Request(f"{server.url}/a")
        raise KeyError("the caller's own")

    with pytest.raises(KeyError):
        list(web_of().get_many(failing()))


def test_a_redirect_to_a_host_that_is_being_asked_waits_for_its_turn(server):
    with serve() as other:
        for number in range(3):
            server.page(f"/{number}", PAGE, delay=0.1)
            other.moved(f"/{number}", f"{server.url}/{number}")
        answers = list(web_of().get_many(Request(f"{s.url}/{n}") for n in range(3) for s in (server, other)))
        assert all(a.document for a in answers)
        assert {a.together for a in server.asked} == {1}
        assert len(server.asked) == 6


HOW = st.sampled_from(
    [
        Reply(PAGE.encode(), headers=HTML),
        Reply(status=404),
        Reply(status=403),
        Reply(status=500),
        Reply(status=302, headers={"location": "/0"}),
        Reply(b"junk", raw=True),
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=25), st.lists(HOW, min_size=4, max_size=4), st.integers(1, 5), st.integers(1, 9))
def test_each_request_has_one_answer(three, wanted, how, parallel, ahead):
    for each in three:
        each.asked.clear()
        for number, reply in enumerate(how):
            each[f"/{number}"] = reply
    requests = [Request(f"{three[s].url}/{n}", etag=f'"{i}"') for i, (s, n) in enumerate(wanted)]
    answers = list(web_of(first_wait=0.0, parallel=parallel, ahead=ahead).get_many(requests))
    assert sorted(a.request.etag for a in answers) == sorted(r.etag for r in requests)
    assert all((a.document is None) == (a.error is not None) for a in answers)
    assert all(a.together == 1 for each in three for a in each.asked)


@pytest.fixture
def three():
    with serve() as one, serve() as two, serve() as other:
        yield one, two, other


def test_no_socket_is_left_open(server):
    server.page("/a", PAGE)
    server["/cut"] = Reply(b"<p>half", headers={**HTML, "content-length": "1000"})
    server["/junk"] = Reply(b"junk", raw=True)
    server["/slow"] = Reply(PAGE.encode(), headers=HTML, pause=0.05)
    server.page("/large", b"x" * 100_000)
    server.moved("/moved", "/a")
    gc.collect()
    before = len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0
    web = web_of(limits=Limits(seconds=0.3, size=50_000), first_wait=0.0)
    for path in ("a", "cut", "junk", "slow", "large", "moved", "nowhere"):
        web.get(Request(f"{server.url}/{path}"))
    web.get(Request(f"https://127.0.0.1:{server.port}/a"))
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        gc.collect()
    assert [str(w.message) for w in found] == []
    if sys.platform == "linux":
        # The server has one more for a moment where it has not yet seen that the other side has left.
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1


# Kinds


@pytest.mark.parametrize(
    ("media", "page", "feed"),
    [
        ("text/html", True, True),
        ("text/plain", True, True),
        ("application/xhtml+xml", True, True),
        ("application/json", True, True),
        ("application/feed+json", True, True),
        ("application/xml", True, True),
        ("text/xml", True, True),
        ("application/rss+xml", False, True),
        ("Application/Atom+XML; charset=utf-8", False, True),
        ("application/rdf+xml", False, True),
        ("application/octet-stream", False, True),
        ("application/x-gzip", False, True),
        ("application/gzip", False, True),
        ("", True, True),
        ("application/pdf", False, False),
        ("image/png", False, False),
        ("video/mp4", False, False),
        ("application/zip", False, False),
    ],
)
def test_types_that_pages_and_feeds_come_as(server, media, page, feed):
    server.page("/a", b"\x1f\x8bwhatever", content_type=media)
    web = web_of()
    for kind, taken in (("page", page), ("feed", feed)):
        answer = web.get(Request(f"{server.url}/a", kind=kind))
        assert (answer.document is not None) == taken
        assert taken or media.partition(";")[0].lower() in answer.error.message
    assert "atom" in server.asked[1].headers["accept"]
    assert "atom" not in server.asked[0].headers["accept"]


def test_a_packed_sitemap_comes_as_it_is(server):
    body = gzip.compress(b"<urlset/>")
    server.page("/sitemap.xml.gz", body, content_type="application/x-gzip")
    assert web_of().get(Request(f"{server.url}/sitemap.xml.gz", kind="feed")).document.content == body


# One's own network


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
    ],
)
def test_private_addresses_are_refused(url):
    answer = Web(robots=True).get(Request(url))
    assert isinstance(answer.error, (RefusedError, FetchError))
    assert "public internet" in answer.error.message or "no such host" in answer.error.message


def test_a_redirect_into_ones_own_network_is_refused(server, monkeypatch):
    server.moved("/a", "http://10.0.0.7/secret")
    monkeypatch.setattr("onrecord.sources.connection.forbidden", lambda address: address != "127.0.0.1")
    answer = web_of(allow_private=False).get(Request(f"{server.url}/a"))
    assert isinstance(answer.error, RefusedError)
    assert "10.0.0.7" in answer.error.message
    assert answer.error.item == f"{server.url}/a"


def test_a_name_that_changes_its_mind_is_judged_each_time(server, monkeypatch):
    server.page("/a", PAGE)
    server.page("/b", PAGE)
    monkeypatch.setattr("onrecord.sources.connection.forbidden", lambda address: address != "127.0.0.1")
    answers = iter(["127.0.0.1", "10.0.0.7"])
    web = web_of(allow_private=False, resolve=lambda _host, port, **_: [(2, 1, 6, "", (next(answers), port))])
    assert web.get(Request(f"http://paper.example:{server.port}/a")).document
    assert isinstance(web.get(Request(f"http://paper.example:{server.port}/b")).error, RefusedError)
    assert server.paths == ["/a"]


def test_robots_txt_does_not_lead_into_ones_own_network(server, monkeypatch):
    server.moved("/robots.txt", "http://10.0.0.7/robots.txt")
    server.page("/a", PAGE)
    monkeypatch.setattr("onrecord.sources.connection.forbidden", lambda address: address != "127.0.0.1")
    assert isinstance(web_of(robots=True, allow_private=False).get(Request(f"{server.url}/a")).error, RefusedError)


# Encrypted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem", *names]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def secure(certificate):
    with serve(certificate=(certificate / "cert.pem", certificate / "key.pem")) as found:
        yield found


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    connection_module._trust.cache_clear()
    yield
    connection_module._trust.cache_clear()


@pytest.mark.usefixtures("trusted")
def test_an_encrypted_page(secure):
    secure.page("/a", PAGE)
    assert web_of().get(Request(f"https://localhost:{secure.port}/a")).document.content.decode() == PAGE


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_name(secure):
    answer = web_of().get(Request(f"https://127.0.0.1:{secure.port}/a"))
    assert "certificate does not hold" in answer.error.message
    assert secure.paths == []


def test_a_certificate_that_nobody_vouches_for(secure):
    assert "certificate does not hold" in web_of().get(Request(f"https://localhost:{secure.port}/a")).error.message


@pytest.mark.usefixtures("trusted")
def test_an_encrypted_page_byte_by_byte(secure):
    secure["/a"] = Reply(PAGE.encode() * 9, headers=HTML, pause=0.05)
    began = time.monotonic()
    answer = web_of(limits=Limits(seconds=0.8)).get(Request(f"https://localhost:{secure.port}/a"))
    assert "longer than" in answer.error.message
    assert time.monotonic() - began < 5


def test_a_server_that_does_not_encrypt(server):
    answer = web_of().get(Request(f"https://127.0.0.1:{server.port}/a"))
    assert "connection failed" in answer.error.message


# Anything


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            b"",
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n",
            b"HTTP/1.1 301 \r\nlocation: ",
            b"HTTP/1.1 200 \r\ntransfer-encoding: chunked\r\n\r\n",
        ]
    ),
)
def test_any_bytes_are_a_document_or_one_error(server, junk, head):
    server["/a"] = Reply(head + junk, raw=True)
    answer = web_of(limits=Limits(seconds=5, redirects=1)).get(Request(f"{server.url}/a"))
    assert isinstance(answer, Answer)
    assert (answer.document is None) != (answer.error is None)
    if answer.error:
        assert isinstance(answer.error, OnrecordError)
        assert answer.error.hint


def test_robots_of_any_bytes_are_rules(server):
    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=200), st.sampled_from([b"", b"User-agent: *\nDisallow: ", b"User-agent: *\nCrawl-delay: "]))
    def check(junk, head):
        server["/robots.txt"] = Reply(head + junk)
        server.page("/a", PAGE)
        answer = web_of(robots=True, longest_pause=0.0).get(Request(f"{server.url}/a"))
        assert answer.document or isinstance(answer.error, RefusedError)

    check()
