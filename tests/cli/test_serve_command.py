"""`onrecord serve`: where it listens and to whom, what it says, how it ends; in a process of its own, as a user has it."""

import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from commanding import Run, program
from serving import Served, served

from onrecord.web.serving import is_loopback, listening_on


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_which_ledger_and_where_answers_and_ends_in_order(own: Path, number: signal.Signals) -> None:
    with served(own) as desk, desk.client() as client:
        assert desk.said[0] == f"ledger: {own}"
        assert re.fullmatch(r"the desk is open at http://127\.0\.0\.1:\d+/ \(Ctrl-C ends it\)", desk.said[1])
        page = client.get("/")
        assert "<h1>Today</h1>" in page.text
        assert "server" not in page.headers
        assert client.get("/api/search", params={"q": "levy"}).json()["total"] == 1
        # The client keeps its connection, and nobody waits for that.
        begun = time.monotonic()
        assert desk.end(number) == (0, "the desk is closed\n")
        assert time.monotonic() - begun < 4
        with pytest.raises(httpx.ConnectError):
            httpx.get(desk.address)


def _begin(desk: Served) -> socket.socket:
    """A request whose last two bytes are still to come."""
    connection = desk.connected()
    body = b'{"name": "x", "query": "q=levy"}'
    head = f"POST /api/searches/save HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body[:-2])
    time.sleep(0.5)
    return connection


def test_who_is_being_answered_is_answered_to_the_end(own: Path) -> None:
    with served(own) as desk, _begin(desk) as connection:
        desk.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(b'"}')
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        assert desk.ended() == (0, "the desk is closed\n")


def test_who_never_ends_is_not_waited_for(own: Path) -> None:
    with served(own) as desk, _begin(desk):
        begun = time.monotonic()
        code, said = desk.end(signal.SIGTERM)
        assert (code, said.splitlines()[-1]) == (0, "the desk is closed")
        assert "Traceback" not in said
        assert time.monotonic() - begun < 12


def test_a_new_ledger_is_made_and_can_be_looked_at(tmp_path: Path) -> None:
    with served(tmp_path / "new.db") as desk, desk.client() as client:
        assert desk.said[0] == f"ledger: {tmp_path / 'new.db'} (new)"
        assert client.get("/").status_code == 200


# To whom ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [("--host", "0.0.0.0"), ("--host", "desk.example"), ("--tokens",)])
def test_while_nobody_has_a_token_no_address_is_served_that_asks_for_one(run: Run, own: Path, where: tuple[str, ...]) -> None:
    done = run("serve", "--ledger", own, "--port", "0", *where)
    item = where[-1] if len(where) > 1 else "127.0.0.1"
    hint = "`onrecord token give NAME --role admin` makes the first; loopback needs none"
    assert (done.code, done.out) == (2, "")
    assert done.said == [f"onrecord: {item}: nobody has a token for this desk ({hint})"]
    # One that was taken back lets nobody in, either.
    assert run("token", "give", "mira", "--role", "admin", "--ledger", own).code == 0
    assert run("token", "revoke", "mira", "--ledger", own).code == 0
    assert run("serve", "--ledger", own, "--port", "0", *where).code == 2


def test_an_address_that_others_reach_asks_for_a_token_and_hears_to_its_names_alone(run: Run, own: Path) -> None:
    token = run("token", "give", "mira", "--role", "admin", "--ledger", own).out.strip()
    with served(own, "--host", "0.0.0.0", "--allow-host", "desk.example") as desk:
        told = {}
        for host in ("127.0.0.1", "DESK.example:80", "evil.example"):
            answers = [
                httpx.get(f"http://127.0.0.1:{desk.port}/api/today", headers={"host": host, **more}) for more in ({}, {"authorization": f"Bearer {token}"})
            ]
            told[host] = [a.status_code for a in answers]
        assert told == {"127.0.0.1": [401, 200], "DESK.example:80": [401, 200], "evil.example": [400, 400]}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_what_only_this_machine_reaches_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "localhost.example", "127.0.0.1.example", ""])
def test_what_others_may_reach_is_known_too(host: str) -> None:
    assert not is_loopback(host)


# What is wrong ----------------------------------------------------------------------------------------------------------------------


def test_a_port_in_use_is_one_clear_error(run: Run, own: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--ledger", own, "--port", port)
    assert (done.code, done.out) == (2, "")
    assert done.said == [f"onrecord: 127.0.0.1:{port}: cannot listen there: Address already in use (give another --port, or --port 0 for any)"]


def test_an_address_that_is_none_of_this_machine_s_is_one_clear_error(run: Run, own: Path) -> None:
    run("token", "give", "mira", "--ledger", own)
    for host in ("192.0.2.1", "no such host"):
        done = run("serve", "--ledger", own, "--host", host, "--port", "0")
        assert (done.code, len(done.said)) == (2, 1), done.err
        assert "cannot listen there" in done.said[0]


@pytest.mark.parametrize("name", ["fastapi", "uvicorn", "multipart", "networkx"])
def test_without_the_extra_the_pip_line_is_said(own: Path, name: str) -> None:
    command = program("serve", "--ledger", own, "--port", "0", before=f"import sys; sys.modules[{name!r}] = None")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"onrecord: {name}: the browser desk needs more libraries (pip install 'onrecord[web]')\n"


def test_what_is_no_ledger_is_not_served(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader, this is a letter, and not a ledger.\n" * 100)
    done = run("serve", "--ledger", tmp_path / "letter.txt", "--port", "0")
    assert (done.code, len(done.said)) == (2, 1)
    assert "this is no ledger" in done.said[0]


def test_answers_do_not_wait_for_an_acknowledgement() -> None:
    # Asyncio sets TCP_NODELAY on what a listening socket accepts if that says that it is TCP.
    with listening_on("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
