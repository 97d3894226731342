"""Coding in the browser: a queue by forms alone, blind, with undo."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from levies import ISSUE, MACHINE, filing, fill

from onrecord.desk.queue import Draw, Queue
from onrecord.ledger import Ledger
from onrecord.ledger.proposing import Proposed
from onrecord.ledger.standing import PositionQuery
from onrecord.positions import Stance
from onrecord.web import Site
from onrecord.web.pages.review import MOST, ReviewLine

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.db"
    with Ledger.open(path, create=True) as ledger:
        fill(ledger)
    return path


def test_a_queue_is_coded_and_taken_back(client: TestClient) -> None:
    assert "A levy on berths" in client.get("/review").text
    first = client.get("/api/review/levy?order=new").json()
    page = client.get("/review/levy?order=new").text
    assert "The machine: oppose" in page
    id_ = first["statement"]["id"]
    done = client.post("/review/levy/code", headers=OURS, data={"statement": id_, "says": "accept", "order": "new", "act": "", "holder": ""})
    assert (done.status_code, done.headers["location"]) == (303, "/review/levy?order=new&done=coded")
    second = client.get("/api/review/levy?order=new").json()
    assert second["statement"]["id"] != id_
    client.post("/review/levy/back", headers=OURS, data={"coding": second["last"], "order": "new"})
    assert client.get("/api/review/levy?order=new").json()["statement"]["id"] == id_
    assert client.get(f"/api/review/levy?order=new&skip={id_}").json()["statement"]["id"] == second["statement"]["id"]


def test_a_condition_and_what_cannot_be_meant(client: TestClient) -> None:
    id_ = next(h["id"] for h in client.get("/api/search?q=dredged").json()["statements"])
    wrong = client.post("/api/review/levy/code", json={"statement": id_, "says": "conditional", "condition": "if pigs fly"})
    assert wrong.status_code == 400
    made = client.post("/api/review/levy/code", json={"statement": id_, "says": "conditional", "condition": "if the harbour is dredged"}).json()
    assert [s["exact"] for s in made["coding"]["condition"]] == ["if the harbour is dredged"]
    assert client.post("/api/review/levy/code", json={"statement": id_, "says": "accept", "blind": True}).status_code == 400
    assert client.post("/api/review/levy/code", json={"statement": "s1:no", "says": "support"}).status_code in (400, 404)
    assert client.post("/api/review/levy/back", json={"coding": "c1:no"}).status_code == 400


def test_blind_hides_what_the_machine_says(client: TestClient) -> None:
    told = client.get("/api/review/levy?blind=true").json()
    assert (told["machine"], told["statement"]["positions"]) == (None, [])
    page = client.get("/review/levy?blind=true").text
    assert "The machine:" not in page
    assert 'value="accept"' not in page
    assert client.get("/review/nothing").status_code == 404


# What is coded, and what waits ------------------------------------------------------------------------------------------------------


def test_review_says_what_is_coded_and_what_waits(client: TestClient, own: Path) -> None:
    def levy() -> dict:
        return client.get("/api/review").json()["issues"][0]

    assert (levy()["by_you"], levy()["by_others"], levy()["waiting"], levy()["more_wait"], levy()["refitted_from"]) == (0, {}, 6, False, None)
    for _ in range(2):
        id_ = client.get("/api/review/levy?order=new").json()["statement"]["id"]
        client.post("/api/review/levy/code", json={"statement": id_, "says": "oppose"})
    with Ledger.open(own) as ledger:
        queue = Queue(ledger, ISSUE, "otto", as_coded_by="mira")
        queue.code(queue.next(), Stance.OPPOSE)
    assert (levy()["by_you"], levy()["by_others"], levy()["waiting"], levy()["teach"]) == (2, {"otto": 1}, 4, 2)
    page = client.get("/review").text
    assert "2 coded by you, 1 by others (otto 1); 4 of the machine’s positions wait" in page
    assert '<option value="otto">otto (1)</option>' in page
    assert "2 statements coded alike can teach it; it takes 20." in page
    assert 'href="/review/agreement?issue=levy"' in page


def test_what_waits_is_not_counted_to_the_end(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "many.db", create=True) as ledger:
        fill(ledger)
        query = PositionQuery(issues=("levy",), min_score=0.0, by_hand=False, reported=True)
        assert [ledger.count_positions(query, most=n) for n in (3, 6, 100, None)] == [3, 6, 6, 6]
        mine = PositionQuery(issues=("levy",), min_score=0.0, not_coded_by="mira")
        assert [ledger.count_positions(mine, most=n) for n in (3, None)] == [3, 6]
        assert ledger.machine_on("levy") == MACHINE
        assert ledger.machine_on("nothing") is None
    line = ReviewLine(ISSUE, (), 0, MOST, 0, 23)
    assert line.waits == "more than 999"
    assert (line.to_json()["waiting"], line.to_json()["more_wait"]) == (999, True)


# Proposals, and the sitting ---------------------------------------------------------------------------------------------------------


def test_proposals_are_shown_as_such_and_never_to_the_blind(client: TestClient, site: Site) -> None:
    ledger, queue = site.desk.ledger, Queue(site.desk.ledger, ISSUE, "mira", order=Draw.NEW)
    item = queue.next()
    evidence = item.hit.entry.statement.content[0]
    for minute, (stance, refused) in enumerate(((Stance.SUPPORT, None), (None, None), (None, "the evidence is not in the text"))):
        on = datetime(2026, 3, 9, 10, minute, tzinfo=UTC)
        where = item.hit.where
        made = Proposed(
            where.article,
            item.hit.id,
            item.hit.content,
            "levy",
            stance,
            where.revision,
            "llm:m<b>@h+1",
            "h1:x",
            on,
            evidence=evidence if stance else None,
            refused=refused,
        )
        ledger.propose([made])
    page = client.get("/review/levy?order=new").text
    assert "What language models propose" in page
    assert "nothing of them counts unless you code it" in page
    assert "llm:m&lt;b&gt;@h+1" in page
    assert [p["stance"] for p in client.get("/api/review/levy?order=new").json()["proposed"]] == ["support"]
    blind = client.get("/review/levy?order=new&blind=true").text
    assert "What language models propose" not in blind
    assert "llm:" not in blind
    assert client.get("/api/review/levy?order=new&blind=true").json()["proposed"] == []
    assert client.get("/api/review").json()["issues"][0]["waiting"] == 6


def test_the_sitting_says_how_far_it_is_and_back_takes_only_ones_own(client: TestClient, site: Site) -> None:
    other = Queue(site.desk.ledger, ISSUE, "otto", order=Draw.NEW)
    theirs = [other.code(other.next(), Stance.OPPOSE).coding.id for _ in range(3)]
    ferry = replace(ISSUE, id="ferry")
    site.desk.ledger.add_issue(ferry, by="mira")
    elsewhere = Queue(site.desk.ledger, ferry, "mira", words="ferry")
    mine_elsewhere = elsewhere.code(elsewhere.next(), Stance.OPPOSE).coding.id
    before = client.get("/api/review/levy?as_coded_by=otto").json()
    assert (before["coded_by_you"], before["coded_by_other"], before["last"]) == (0, 3, None)
    assert "You code as mira: 0 coded by you on this issue, 3 by otto, whose statements these are." in client.get("/review/levy?as_coded_by=otto").text
    client.post("/api/review/levy/code", json={"statement": before["statement"]["id"], "says": "support"})
    after = client.get("/api/review/levy?as_coded_by=otto").json()
    assert (after["coded_by_you"], after["statement"]["id"] != before["statement"]["id"]) == (1, True)
    for not_mine_here in (*theirs, mine_elsewhere):
        refused = client.post("/api/review/levy/back", json={"coding": not_mine_here})
        assert (refused.status_code, refused.json()["error"]) == (400, "you have no such coding on this issue")
    assert client.post("/api/review/levy/back", json={"coding": after["last"]}).status_code == 200
    assert client.get("/api/review/levy?as_coded_by=otto").json()["coded_by_you"] == 0
    assert len(list(site.desk.ledger.codings())) == 4


# Teaching ---------------------------------------------------------------------------------------------------------------------------


def over(client: TestClient, job: str) -> dict:
    """The job, when it is over."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = client.get(f"/api/review?job={job}").json()["job"]
        if found["state"] in ("done", "failed"):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_too_few_codings_are_refused(client: TestClient) -> None:
    refused = client.post("/api/review/levy/teach", json={})
    assert (refused.status_code, refused.json()["error"], refused.json()["hint"]) == (400, "0 codings are too few to learn from", "code 20 more")
    assert 'action="/review/levy/teach"' not in client.get("/review").text


def test_a_coder_teaches_the_machine_and_is_told_what_came_of_it(client: TestClient, site: Site) -> None:
    ledger = site.desk.ledger
    said = [f"we {'welcome' if n % 2 else 'reject'} the levy, and harbour number {n} says so" for n in range(30)]
    ledger.write([replace(filing(20 + n, (w, Stance.NEUTRAL, 0.6, None)), examined=((ISSUE.digest, MACHINE),)) for n, w in enumerate(said)])
    queue = Queue(ledger, ISSUE, "mira", words="harbour", now=lambda: datetime(2026, 3, 9, tzinfo=UTC))
    while (item := queue.next()) is not None:
        # The other way round than a machine reads it: there is something to learn.
        queue.code(item, Stance.OPPOSE if "welcome" in item.hit.content else Stance.SUPPORT)
    assert 'action="/review/levy/teach"' in client.get("/review").text
    done = client.post("/review/levy/teach", headers=OURS, data={})
    to = done.headers["location"]
    assert (done.status_code, to.startswith("/review?job=")) == (303, True)
    page = client.get(to)
    assert page.headers["cache-control"] == "no-store"
    job = over(client, to.partition("job=")[2].partition("&")[0])
    assert job["state"] == "done"
    (line,) = job["lines"]
    told = client.get("/api/review").json()["issues"][0]
    assert line["said"].startswith("refitted from ")
    assert told["refitted_from"] == told["teach"] >= 20
    assert f"The machine’s stances are refitted from {told['teach']} codings." in client.get(to).text
    assert all("+refit.v1(" in e.machine.coder for e in ledger.positions(PositionQuery(issues=("levy",), min_score=0.0)) if e.machine and e.counts)
    (entry,) = [a for a in site.desk.ledger.logged() if a.action == "review_issue_teach"]
    assert entry.by == "mira"


def test_a_reader_teaches_nothing(guarded: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = guarded
    refused = client.post("/api/review/levy/teach", json={}, headers={"authorization": f"Bearer {tokens['reader']}"})
    assert refused.status_code == 403
    assert "/teach" not in client.get("/review", headers={"authorization": f"Bearer {tokens['reader']}"}).text


# Names ------------------------------------------------------------------------------------------------------------------------------


def test_two_people_on_one_machine_code_blind_under_their_own_names(client: TestClient, site: Site) -> None:
    assert client.get("/api/review").json()["name"] == "mira"
    for name in ("Ann Äkäslompolo; x=1", "otto"):
        done = client.post("/review/name", headers=OURS, data={"name": f"  {name} "})
        assert (done.status_code, done.headers["location"]) == (303, "/review?done=named")
        cookie = done.headers["set-cookie"].casefold()
        assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/", "max-age="))
        assert client.get("/api/review").json()["name"] == name
        sitting = {"blind": "true", "order": "new", "as_coded_by": "Ann Äkäslompolo; x=1" if name == "otto" else ""}
        for says in ("support", "oppose"):
            told = client.get("/api/review/levy", params=sitting).json()
            assert told["machine"] is None
            sent = sitting | {"statement": told["statement"]["id"], "says": says, "by": name}
            assert client.post("/review/levy/code", headers=OURS, data=sent).status_code == 303
    assert {c.by for c in site.desk.ledger.codings()} == {"Ann Äkäslompolo; x=1", "otto"}
    assert all(c.blind for c in site.desk.ledger.codings())
    assert {a.by for a in site.desk.ledger.logged() if a.action == "review_issue_code"} == {"Ann Äkäslompolo; x=1", "otto"}
    figures = client.get("/api/review/agreement").json()["figures"]
    assert {f["value"] for f in figures if f["what"] == "stance" and "machine" not in f["coders"]} == {1.0}
    assert client.get("/review/levy?as_coded_by=otto").status_code == 400
    client.post("/review/name", headers=OURS, data={"name": ""})
    assert client.get("/api/review").json()["name"] == "mira"


def test_a_page_of_one_name_does_nothing_under_another(client: TestClient, site: Site) -> None:
    page = client.get("/review/levy?order=new").text
    assert '<input type="hidden" name="by" value="mira">' in page
    id_ = client.get("/api/review/levy?order=new").json()["statement"]["id"]
    client.post("/api/review/name", json={"name": "otto"})
    refused = client.post("/review/levy/code", headers=OURS, data={"statement": id_, "says": "support", "by": "mira"})
    assert refused.status_code == 400
    assert "you are otto now" in refused.text.casefold()
    assert client.post("/api/review/levy/back", json={"coding": "c1:x", "by": "mira"}).json()["error"].startswith("you are otto now")
    assert list(site.desk.ledger.codings()) == []


@pytest.mark.parametrize("name", ["machine", "Machine", "a\u202eb", "x" * 121, "a\x07b"])
def test_what_is_no_name(client: TestClient, name: str) -> None:
    assert client.post("/api/review/name", json={"name": name}).status_code in (400, 422)
    client.cookies.set("onrecord-name", quote(name))
    assert client.get("/api/review").json()["name"] == "mira"


def test_cookies_of_other_programs_on_this_machine_do_no_harm(client: TestClient) -> None:
    answer = client.get("/api/review", headers={"cookie": 'odd={"a": [1]}; =; onrecord-name=otto; x@y=1'})
    assert answer.json()["name"] == "otto"


def test_whoever_has_a_token_is_nobody_else(guarded: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = guarded
    who = {"authorization": f"Bearer {tokens['coder']}"}
    refused = client.post("/api/review/name", json={"name": "otto"}, headers=who)
    assert (refused.status_code, refused.json()["error"]) == (403, "your token says who you are")
    assert "set-cookie" not in refused.headers
    assert client.get("/api/review", headers=who | {"cookie": "onrecord-name=otto"}).json()["name"] == "coder 1"
    page = client.get("/review", headers=who).text
    assert 'action="/review/name"' not in page
    assert "You code as coder 1." in page
