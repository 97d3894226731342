"""A language model proposes, a person disposes: the whole way, against an endpoint on this machine."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from commanding import Run
from local_server import Asked, Reply, Server, serve
from standing import FERRY, NOW, PIER, Said, filing

from onrecord.ledger import Ledger

KEY = "sk-very-secret-0123456789"
PATH = "/v1/chat/completions"
SAID = [
    Said("Close the old pier before the winter storms", act="demand", stance="support", score=0.55),
    Said("We shall close the old pier only if the ferry sails", "Otto Brandis", act="reject", stance="oppose", score=0.9),
]


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as found:
        yield found


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "l.db"
    with Ledger.open(path, create=True) as made:
        for issue in (PIER, FERRY):
            made.add_issue(issue, by="mira", on=NOW)
        made.write([filing(SAID, day=date(2026, 3, 2))], now=NOW)
    return path


def saying(*rows: dict, wrong: bool = False) -> Reply:
    words = "```json\n" + json.dumps({"positions": rows}) + "\n```" if not wrong else "As a model I have no view."
    return Reply(json.dumps({"choices": [{"message": {"content": words}}]}).encode())


def model(asked: Asked) -> Reply:
    """Conditional where the statement says `only if`; invents its evidence elsewhere."""
    material = json.loads(json.loads(asked.body)["messages"][1]["content"])
    row = {"issue": "pier", "actor": material["speaker"], "stance": "conditional", "act": "promise"}
    if "only if" in material["statement"]:
        return saying(row | {"condition": "only if the ferry sails", "evidence": "close the old pier only if the ferry sails"})
    return saying(row | {"stance": "support", "condition": None, "evidence": "Let us close the old pier"})


def ask(run: Run, ledger: Path, server: Server, *more: object):
    return run("propose", "pier", "--url", f"{server.url}/v1", "--model", "small", "--ledger", ledger, *more, ONRECORD_LLM_KEY=KEY)


def cells(run: Run, ledger: Path) -> list:
    return json.loads(run("positions", "--issue", "pier", "--ledger", ledger, "--format", "json").out)


def test_what_holds_is_kept_and_counts_only_when_a_person_accepts_it(run: Run, ledger: Path, server: Server) -> None:
    server[PATH] = model
    before = cells(run, ledger)
    done = ask(run, ledger, server)
    assert done.code == 1, done.err
    assert "pier: refused: the evidence does not stand in the text" in done.out
    assert "condition “only if the ferry sails”" in done.out
    assert done.out.splitlines()[-1] == "2 statements, 1 proposal, 1 answer refused; --accept ID codes one"
    assert done.said == [f"statements and the words around them go to small at 127.0.0.1:{server.port}"]
    # The one that the machine is least sure of was put first.
    assert "winter storms" in json.loads(json.loads(server.asked[0].body)["messages"][1]["content"])["statement"]
    assert cells(run, ledger) == before
    again = ask(run, ledger, server)
    assert (again.code, again.out, len(server.asked)) == (0, "0 statements, 0 proposals, 0 answers refused; --accept ID codes one\n", 2)
    (one,) = json.loads(run("propose", "--list", "--ledger", ledger, "--format", "json").out)["answers"]
    assert (one["stance"], one["coder"], one["prompt"][:3]) == ("conditional", f"llm:small@127.0.0.1:{server.port}+proposal.v1", "h1:")
    accepted = run("propose", "--accept", one["id"], "--ledger", ledger)
    assert (accepted.code, accepted.out.startswith("pier: coded conditional by mira")) == (0, True)
    assert cells(run, ledger) != before
    with Ledger.open(ledger) as opened:
        (coding,) = opened.codings()
    assert (coding.by, [c.exact for c in coding.condition]) == ("mira", ["only if the ferry sails"])
    assert one["id"] in (coding.note or "")
    everything = run("propose", "pier", "--list", "--all", "--ledger", ledger).out
    assert "2 answers" in everything
    for shown in (done, again, accepted):
        assert KEY not in shown.out + shown.err
    assert KEY.encode() not in ledger.read_bytes()


def test_statements_by_words_and_no_answer_at_all(run: Run, ledger: Path, server: Server) -> None:
    server[PATH] = saying(wrong=True)
    done = ask(run, ledger, server, "--words", "ferry", "--format", "json")
    (answer,) = json.loads(done.out)["answers"]
    assert (done.code, answer["stance"], answer["refused"]) == (1, None, "the answer is no JSON")
    server[PATH] = saying()
    assert ask(run, ledger, server, "--limit", "1").out.splitlines()[-1].startswith("1 statement, 0 proposals, 0 answers refused")


def test_an_endpoint_that_fails_ends_it_and_keeps_what_was_done(run: Run, ledger: Path, server: Server) -> None:
    server[PATH] = lambda asked: model(asked) if len(server.asked) == 1 else Reply(KEY.encode(), 401)
    done = ask(run, ledger, server)
    assert (done.code, done.said[-1].endswith("(check ONRECORD_LLM_KEY)")) == (2, True)
    assert KEY not in done.out + done.err
    assert "1 answer" in run("propose", "--list", "--all", "--ledger", ledger).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pier"], "no endpoint is named"),
        (["pier", "--url", "http://localhost:1/v1"], "no model is named"),
        (["bridge", "--url", "http://localhost:1/v1", "--model", "m"], "no such issue is followed"),
        (["--url", "http://localhost:1/v1", "--model", "m"], "no issue is named"),
        (["pier", "--url", "ftp://localhost/v1", "--model", "m"], "only http and https"),
        (["--accept", "p1:none"], "there is no such proposal"),
        (["--accept", "p1:none", "--list"], "--list asks and decides nothing"),
        (["pier", "--key-file", "no-such-file"], "the key cannot be read"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_two(arguments: list[str], said: str, run: Run, ledger: Path) -> None:
    done = run("propose", *arguments, "--ledger", ledger)
    assert (done.code, done.out, len(done.said)) == (2, "", 1)
    assert said in done.said[0]
