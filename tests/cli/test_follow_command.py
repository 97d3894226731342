import json
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from commanding import Run, going
from local_server import Reply, Server, serve

from onrecord.cli.following import interval
from onrecord.errors import UsageError

PAGE = """<html><head><title>Levy {n}</title></head><body><article><h1>Levy {n}</h1>
<p>The harbour council met for the third time in a week, and once more it could not agree on what boats should pay.</p>
<p>“We will not sign anything this week,” Mayor Ilsa Brandt said on Monday after meeting number {n} of the harbour council.</p>
<p>Outside, the fishermen of the island had parked their vans across the road, and stayed until the rain came.</p></article></body></html>"""


@pytest.fixture
def site() -> Iterator[Server]:
    with serve() as server:
        items = "".join(f"<item><title>Levy {n}</title><link>{server.url}/{n}</link><guid>{n}</guid></item>" for n in range(2))
        server.page("/feed.xml", f'<rss version="2.0"><channel><title>The Kestrel</title>{items}</channel></rss>', content_type="application/rss+xml")
        for n in range(2):
            server.page(f"/{n}", PAGE.format(n=n))
        yield server


def opml(path: Path, *urls: str) -> Path:
    path.write_text('<opml version="2.0"><body>' + "".join(f'<outline type="rss" text="{u}" xmlUrl="{u}"/>' for u in urls) + "</body></opml>", encoding="utf-8")
    return path


def test_follow_update_and_unfollow(run: Run, site: Server, tmp_path: Path) -> None:
    ledger, feed = tmp_path / "l.db", f"{site.url}/feed.xml"
    done = run("follow", feed, "--outlet", "The Kestrel", "--allow-private", "--ledger", ledger)
    assert done.code == 0, done.err
    assert done.err == f"ledger: {ledger} (new)\n"
    assert re.search(rf"{re.escape(feed)} +rss +The Kestrel", done.out)
    assert done.out.splitlines()[-2:] == ["1 new, 0 followed before", "`onrecord update` reads what they lead to"]
    again = json.loads(run("follow", feed, "--allow-private", "--ledger", ledger, "--format", "json").out)
    assert again == {"feeds": [{"url": feed, "title": "The Kestrel", "kind": "rss", "new": False}], "errors": []}
    first = run("update", "--allow-private", "--ledger", ledger)
    assert (first.code, first.out) == (0, "2 documents, 2 new articles, 2 statements\n"), first.err
    assert run("update", "--allow-private", "--ledger", ledger).out == "0 documents, 0 new articles, 0 statements\n"
    found = json.loads(run("search", "sign", "--ledger", ledger, "--format", "json").out)
    assert {s["article"]["outlet"] for s in found["statements"]} == {"The Kestrel"}
    status = run("status", "--ledger", ledger).out
    assert re.search(r"links +2 done\n", status)
    assert feed in status
    assert json.loads(run("status", "--ledger", ledger, "--format", "json").out)["feeds"][0]["error"] is None
    assert run("unfollow", feed, "--ledger", ledger).out == "not followed any more; what came from it stays\n"
    assert "not followed" in run("status", "--ledger", ledger).out
    done = run("unfollow", feed, "--ledger", ledger)
    assert (done.code, len(done.said)) == (2, 1)


def test_a_list_of_feeds_and_what_is_none(run: Run, site: Server, tmp_path: Path) -> None:
    listed = opml(tmp_path / "feeds.opml", f"{site.url}/a.xml", f"{site.url}/b.xml")
    done = run("follow", listed, f"{site.url}/nothing", tmp_path / "no.opml", "--allow-private", "--ledger", tmp_path / "l.db")
    assert done.code == 1
    assert "2 new, 0 followed before, 2 failed" in done.out
    assert [line.split(": ")[0] for line in done.said] == ["error", "error"]
    assert f"{site.url}/nothing" in done.said[0]


def test_a_private_address_is_refused_unless_allowed(run: Run, site: Server, tmp_path: Path) -> None:
    done = run("follow", f"{site.url}/feed.xml", "--ledger", tmp_path / "l.db")
    assert done.code == 1
    assert site.asked == []
    assert "--allow-private" in done.said[0] or "private" in done.said[0]


def test_a_feed_that_fails_is_named_and_the_others_are_read(run: Run, site: Server, tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    run("follow", opml(tmp_path / "feeds.opml", f"{site.url}/feed.xml", f"{site.url}/dead.xml"), "--allow-private", "--ledger", ledger)
    done = run("update", "--allow-private", "--ledger", ledger, "--format", "json")
    assert done.code == 1
    told = json.loads(done.out)
    assert (told["documents"], [e["item"] for e in told["errors"]]) == (2, [f"{site.url}/dead.xml"])
    assert len(done.said) == 1
    assert f"{site.url}/dead.xml" in done.said[0]


def test_update_goes_on_for_ever_survives_a_busy_ledger_and_ends_cleanly(run: Run, site: Server, tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    site["/dead.xml"] = Reply(b"", 500)
    run("follow", opml(tmp_path / "feeds.opml", f"{site.url}/feed.xml", f"{site.url}/dead.xml"), "--allow-private", "--ledger", ledger)
    # Patience of a second instead of thirty.
    script = "import onrecord.ledger.database as d; d.PATIENCE = 1.0; import onrecord.ledger.ledger as l; l.Ledger.__init__.__kwdefaults__['patience'] = 1.0"
    with going("update", "--every", "1s", "--allow-private", "--ledger", ledger, before=script) as process:
        first = process.stdout.readline()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S+  2 documents, 2 new articles, 2 statements, 1 failed\n", first)
        with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            busy = next(line for line in process.stderr if "somebody else is writing" in line)
            assert busy.endswith("trying again in 1s\n")
            other.execute("ROLLBACK")
        assert any("  0 documents, 0 new articles, 0 statements" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "stopped; what was filed stays, and the same command goes on from there"
    assert "Traceback" not in err
    assert run("check", "--ledger", ledger).code == 0


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1h30m", 5400), (" 2 H ", 7200), ("1w", 604800)])
def test_spans_of_time(text: str, seconds: int) -> None:
    assert interval(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "0s", "15", "m", "-5m", "1.5h", "1y", "15m later", "9999d", "999999999w999999999w", "٣m", "1e3s"])
def test_what_is_no_span_of_time_is_refused(text: str, run: Run) -> None:
    with pytest.raises(UsageError):
        interval(text)
    done = run("update", f"--every={text}")
    assert (done.code, len(done.err.splitlines())) == (2, 1)
