import json
import re
from pathlib import Path

import pytest
from commanding import Run

ROSTER = Path(__file__).parents[2] / "examples" / "roster.yaml"


def found(run: Run, ledger: Path, *arguments: str) -> list[dict]:
    return json.loads(run("search", *arguments, "--ledger", ledger, "--format", "json", "--limit", 200).out)["statements"]


def judgement(text: str) -> str:
    return re.search(r"j1:[0-9a-f]{20}", text)[0]


def test_a_statement_judged_wrong_is_not_shown_until_that_is_taken_back(run: Run, own: Path) -> None:
    statement = found(run, own, "dredged")[0]["id"]
    done = run("judge", statement, "wrong", "--by", "otto", "--note", "irony", "--ledger", own)
    assert done.code == 0
    made = judgement(done.out)
    assert done.out == f"{statement} is judged wrong\njudgement {made}; to take it back: onrecord actors undo {made}\n"
    assert found(run, own, "dredged") == []
    assert found(run, own, "dredged", "--all")[0]["verdict"] == "wrong"
    shown = run("statement", statement, "--ledger", own).out
    assert all(w in shown for w in ("not shown: judged wrong", made, "otto", "irony"))
    assert run("actors", "undo", made, "--ledger", own).code == 0
    assert found(run, own, "dredged")[0]["verdict"] is None
    again = run("actors", "undo", made, "--ledger", own)
    assert (again.code, len(again.said)) == (2, 1)
    assert "taken back already" in again.said[0]


def test_a_statement_gets_another_speaker(run: Run, own: Path) -> None:
    statement = found(run, own, "dredged")[0]["id"]
    told = json.loads(run("judge", statement, "speaker", "--speaker", "Vale", "--ledger", own, "--format", "json").out)
    assert (told["statement"], told["verdict"]) == (statement, "speaker")
    after = found(run, own, "dredged")[0]
    assert (after["actor"]["name"], after["speaker"]["name"], after["verdict"]) == ("Jorun Vale", "Ilsa Brandt", "speaker")
    assert run("judge", statement, "right", "--ledger", own).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["s1:00", "right"], "s1:00: no such statement"),
        (["STATEMENT", "speaker"], "a speaker goes with the verdict `speaker`"),
        (["STATEMENT", "right", "--speaker", "Vale"], "a speaker goes with the verdict `speaker`"),
        (["STATEMENT", "speaker", "--speaker", "Nobody Atall"], "nobody in the ledger is called so"),
    ],
)
def test_a_judgement_that_cannot_be_meant_is_refused(arguments: list[str], said: str, run: Run, own: Path) -> None:
    statement = found(run, own, "dredged")[0]["id"]
    done = run("judge", *(statement if a == "STATEMENT" else a for a in arguments), "--ledger", own)
    assert (done.code, len(done.said)) == (2, 1)
    assert said in done.said[0]
    assert run("actors", "log", "--ledger", own).out == "nothing was judged yet\n"


def test_a_verdict_that_there_is_not_is_a_wrong_command_line(run: Run, own: Path) -> None:
    assert run("judge", "s1:00", "perhaps", "--ledger", own).code == 2


# Actors of the ledger


def test_actors_of_the_ledger_are_listed(run: Run, shared: Path) -> None:
    done = run("actors", "list", "--ledger", shared)
    assert done.code == 0
    assert re.search(r"Jorun Vale +person +2 +a1:", done.out)
    assert re.search(r"statements of unnamed speakers: \d+", done.out)
    told = json.loads(run("actors", "list", "--ledger", shared, "--limit", "2", "--format", "json").out)
    assert len(told["actors"]) == 2
    assert told["actors"][0]["statements"] >= told["actors"][1]["statements"]
    assert set(told["nameless"]) == {"unnamed", "unknown"}
    assert "2 of " in run("actors", "list", "--ledger", shared, "--limit", "2").out


def test_merge_split_undo_and_log_over_the_ledger(run: Run, own: Path) -> None:
    def names() -> set[str]:
        return {s["actor"]["name"] for s in found(run, own, "--outlet", "Kestrel")}

    done = run("actors", "merge", "Ilsa Brandt", "Jorun Vale", "--ledger", own, "--by", "mira", "--note", "a test")
    assert done.code == 0, done.err
    first = judgement(done.out)
    assert names() == {"Ilsa Brandt"}
    assert "one actor already" in run("actors", "merge", "Ilsa Brandt", "Jorun Vale", "--ledger", own).out
    shown = run("actors", "show", "Vale", "--ledger", own).out
    assert shown.startswith("Ilsa Brandt\n")
    assert all(w in shown for w in ("Jorun Vale", first, "a test"))
    ids = json.loads(run("actors", "show", "Vale", "--ledger", own, "--format", "json").out)["ids"]
    split = json.loads(run("actors", "split", *ids, "--ledger", own, "--format", "json").out)
    assert split["members"] == [ids[0]]
    assert names() == {"Ilsa Brandt", "Jorun Vale"}
    refused = run("actors", "merge", "Brandt", "Vale", "--ledger", own)
    assert refused.code == 2
    assert re.search(r"judged different by \S+ on \d{4}-\d\d-\d\d \(if that is wrong: onrecord actors undo j1:", refused.said[0])
    assert "judged different already" in run("actors", "split", *ids, "--ledger", own).out
    assert run("actors", "undo", split["judgement"], "--ledger", own).code == 0
    log = json.loads(run("actors", "log", "--ledger", own, "--format", "json").out)["judgements"]
    assert [(j["verdict"], j["stands"]) for j in log] == [("same", False), ("revoked", True), ("different", False), ("revoked", True)]
    assert "(taken back)" in run("actors", "log", "--ledger", own).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["merge", "Brandt", "Nobody Atall"], "nobody in the ledger is called so"),
        (["split", "Brandt", "Ilsa Brandt"], "these are the names of one actor"),
        (["undo", "j1:00"], "j1:00: there is no such judgement"),
        (["show", "Nobody Atall"], "nobody in the ledger is called so"),
    ],
)
def test_what_is_wrong_with_actors_is_one_line(arguments: list[str], said: str, run: Run, own: Path) -> None:
    done = run("actors", *arguments, "--ledger", own)
    assert (done.code, len(done.said)) == (2, 1)
    assert said in done.said[0]


def test_a_person_and_an_organization_are_never_merged(run: Run, own: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("name,type\nHarbour Board,organization\n", encoding="utf-8")
    run("roster", "add", roster, "--ledger", own)
    done = run("actors", "merge", "Ilsa Brandt", "Harbour Board", "--ledger", own)
    assert (done.code, "not one: person and organization" in done.said[0]) == (2, True)


def test_names_alike_are_told(run: Run, own: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("name,type\nIlse M. Brandt,person\nI. Brandt,person\n", encoding="utf-8")
    assert run("roster", "add", roster, "--ledger", own).out == "2 new, 0 changed\n"
    told = json.loads(run("actors", "show", "Ilsa Brandt", "--ledger", own, "--format", "json").out)
    assert "I. Brandt" in {a["name"] for a in told["alike"]}
    assert "name alike" in run("actors", "show", "Ilsa Brandt", "--ledger", own).out


def test_no_ledger_and_no_files_is_said_in_one_line(run: Run) -> None:
    done = run("actors", "list")
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert "nothing to read actors from" in done.err


def test_a_log_of_a_file(run: Run, tmp_path: Path) -> None:
    kept, statements = tmp_path / "kept.jsonl", tmp_path / "s.jsonl"
    rows = [
        {"id": f"s1:{n}", "revision": "r1:1", "speaker": {"id": f"a1:{n:020x}", "name": name, "type": "person"}}
        for n, name in enumerate(("Zora Bell", "Zora Belle"))
    ]
    statements.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    made = judgement(run("actors", "merge", "Zora Bell", "Zora Belle", statements, "--judgements", kept).out)
    assert made in run("actors", "log", "--judgements", kept).out
    assert json.loads(run("actors", "log", "--judgements", kept, "--format", "json").out)["judgements"][0]["verdict"] == "same"


# The roster


def test_a_roster_is_filed_and_read_with(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    done = run("roster", "add", ROSTER, "--ledger", ledger)
    assert done.code == 0
    assert re.fullmatch(r"\d+ new, 0 changed\n", done.out)
    assert json.loads(run("roster", "add", ROSTER, "--ledger", ledger, "--format", "json").out) == {"new": 0, "changed": 0}
    run("add", "-", "--ledger", ledger, "--published", "2026-03-12", stdin='Talks\n\n"We will see," said Foreign Minister Sorev on Thursday.\n')
    assert found(run, ledger)[0]["actor"]["name"] == "Ludmila Sorev"
    shown = run("actors", "show", "Ludmila Sorev", "--ledger", ledger).out
    assert "foreign minister 2024-01-15/.." in shown


def test_a_roster_that_cannot_be_read_files_nothing(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("colour\nred\n", encoding="utf-8")
    done = run("roster", "add", ROSTER, bad, "--ledger", tmp_path / "l.db")
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert str(bad) in done.err
    assert not (tmp_path / "l.db").exists()


def test_a_statement_is_corrected_and_searches_go_by_it(run: Run, own: Path) -> None:
    before = found(run, own, "dredged")[0]
    start = before["content"][0]["start"]
    told = json.loads(
        run(
            "judge", before["id"], "corrected", "--kind", "mixed", "--said-on", "2026-03-08", "--content", f"{start}:{start + 5}", "--cue", "-",
            "--by", "otto", "--ledger", own, "--format", "json",
        ).out
    )  # fmt: skip
    corrected = {"content": [{"start": start, "end": start + 5, "exact": before["content"][0]["exact"][:5]}], "cue": [], "kind": "mixed"}
    assert told["corrected"] == corrected | {"said_on": "2026-03-08"}
    after = found(run, own, "dredged", "--kind", "mixed")[0]
    assert (after["corrected"], after["verdict"]) == (told["corrected"], "corrected")
    assert {n: after[n] for n in ("content", "cue", "source", "kind", "said_on")} == {n: before[n] for n in ("content", "cue", "source", "kind", "said_on")}
    rows = run("search", "dredged", "--ledger", own, "--format", "csv").out
    assert ",2026-03-08," in rows
    assert ",mixed," in rows
    shown = run("statement", before["id"], "--ledger", own).out
    assert all(w in shown for w in ("kind, corrected", "mixed", "otto", told["judgement"]))
    listed = run("judge", before["id"], "history", "--ledger", own).out
    assert all(w in listed for w in (told["judgement"], "otto", "corrected"))
    assert run("actors", "undo", told["judgement"], "--by", "chief", "--note", "no", "--ledger", own).code == 0
    history = json.loads(run("judge", before["id"], "history", "--ledger", own, "--format", "json").out)["judgements"]
    assert [(j["stands"], j["taken_back"]["by"]) for j in history] == [(False, "chief")]
    assert found(run, own, "dredged")[0] == before


def test_nothing_was_judged(run: Run, own: Path) -> None:
    assert run("judge", found(run, own, "dredged")[0]["id"], "history", "--ledger", own).out == "nothing was judged yet\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["corrected"], "a correction of nothing"),
        (["corrected", "--kind", "shouted"], "there is no kind 'shouted'"),
        (["corrected", "--said-on", "2026-02-30"], "this is no date"),
        (["corrected", "--content", "9:3"], "no characters at 9:3"),
        (["corrected", "--content", "0:99999999"], "no characters at"),
        (["corrected", "--content", "the"], "more than once"),
        (["corrected", "--content", "no such words"], "do not stand there"),
        (["corrected", "--content", "-"], "a statement without content"),
        (["right", "--kind", "mixed"], "goes with the verdict `corrected`"),
        (["corrected", "--kind", "mixed", "--speaker", "Vale"], "a speaker goes with the verdict `speaker`"),
    ],
)
def test_a_correction_that_cannot_be_meant_is_refused(arguments: list[str], said: str, run: Run, own: Path) -> None:
    statement = found(run, own, "dredged")[0]["id"]
    done = run("judge", statement, *arguments, "--ledger", own)
    assert (done.code, len(done.said)) == (2, 1)
    assert said in done.said[0]
    assert found(run, own, "dredged")[0]["verdict"] is None
