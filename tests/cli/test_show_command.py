import json
import re
from pathlib import Path

from commanding import ADDRESS, Run


def found(run: Run, ledger: Path, *arguments: str) -> list[dict]:
    return json.loads(run("search", *arguments, "--ledger", ledger, "--format", "json").out)["statements"]


def test_an_actor_s_page(run: Run, shared: Path) -> None:
    done = run("actor", "Vale", "--ledger", shared)
    assert done.code == 0
    assert done.out.startswith("Jorun Vale\n")
    assert re.search(r"type +person\n", done.out)
    assert re.search(r"statements +2\n", done.out)
    assert re.search(r"first, last +2026-03-09, 2026-03-09\n", done.out)
    assert re.search(r"outlets +The Kestrel 2\n", done.out)
    assert re.search(r"kinds +direct 2\n", done.out)
    assert "receipts in my drawer" in done.out
    page = json.loads(run("actor", "Vale", "--ledger", shared, "--format", "json", "--limit", "1").out)
    assert (page["statements"], page["first"], len(page["newest"])) == (2, "2026-03-09", 1)
    assert page["outlets"] == {"The Kestrel": 2}


def test_several_actors_of_a_name_are_listed_and_none_is_chosen(run: Run, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("name,type\nTilda Vale,person\nOren Vale,person\n", encoding="utf-8")
    ledger = tmp_path / "l.db"
    assert run("roster", "add", roster, "--ledger", ledger).code == 0
    done = run("actor", "Vale", "--ledger", ledger)
    assert done.code == 2
    assert all(w in done.out for w in ("Tilda Vale", "Oren Vale", "a1:"))
    assert done.said == ["onrecord: Vale: 2 actors may be meant (give an id)"]
    actors = json.loads(run("actor", "Vale", "--ledger", ledger, "--format", "json").out)["actors"]
    assert run("actor", actors[0]["id"], "--ledger", ledger).out.startswith(actors[0]["name"])


def test_nobody_of_a_name_is_one_line(run: Run, shared: Path) -> None:
    done = run("actor", "Xylophone", "--ledger", shared)
    assert (done.code, done.out, len(done.said)) == (2, "", 1)
    assert "nobody in the ledger is called so" in done.said[0]


def test_an_article_s_texts_and_what_each_changed(run: Run, shared: Path) -> None:
    done = run("article", ADDRESS, "--ledger", shared)
    assert done.code == 0
    assert done.out.startswith("Harbour levy divides the council\n")
    assert "text 1: seen" in done.out
    assert re.search(r"text 2: seen .*, current", done.out)
    flat = " ".join(done.out.split())
    assert re.search(r"reworded +Ilsa Brandt", done.out)
    assert "[-this year or the" in flat
    assert "{+before the" in flat
    assert re.search(r"dropped +Pavel Ost", done.out)
    assert re.search(r"reattributed +Pavel Ost → Jorun Vale", flat)
    assert re.search(r"added +Jorun Vale", done.out)
    assert "trivial" not in done.out
    assert "--all shows also what changed only in form" in done.out
    assert "trivial" in run("article", ADDRESS, "--ledger", shared, "--all").out


def test_an_article_as_json(run: Run, shared: Path) -> None:
    history = json.loads(run("article", ADDRESS, "--ledger", shared, "--format", "json").out)
    assert history["outlet"] == "The Kestrel"
    assert [r["statements"] for r in history["revisions"]] == [4, 4]
    assert history["revisions"][1]["counts"] == {"reworded": 1, "trivial": 1, "dropped": 1, "reattributed": 1, "added": 1}


def test_an_article_by_the_id_of_a_text(run: Run, shared: Path) -> None:
    revision = found(run, shared, "dredged")[0]["revision"]
    assert run("article", revision, "--ledger", shared).out.startswith("Harbour levy")
    done = run("article", "https://nowhere.example/", "--ledger", shared)
    assert (done.code, len(done.said)) == (2, 1)
    assert "no such article in the ledger" in done.said[0]


def test_a_statement_and_why(run: Run, shared: Path) -> None:
    statement = found(run, shared, "dredged")[0]["id"]
    done = run("statement", statement, "--ledger", shared)
    assert done.code == 0
    flat = " ".join(done.out.split())
    words = ("The Kestrel", "state shown", statement, "source Mayor Ilsa Brandt", "cue said", "role Mayor", "reader en-", "said on 2026-03-09")
    assert [w for w in words if w not in flat] == []
    told = json.loads(run("statement", statement, "--ledger", shared, "--format", "json").out)["statements"]
    assert told[0]["id"] == statement
    assert told[0]["judgements"] == []
    assert "Harbour levy" in told[0]["context"]["before"]


def test_candidates_are_told(run: Run, shared: Path) -> None:
    open_ones = found(run, shared, "--type", "unknown", "--limit", "100")
    statement = next(s for s in open_ones if s["speaker"]["candidates"])
    done = run("statement", statement["id"], "--ledger", shared)
    assert all(c["name"] in done.out for c in statement["speaker"]["candidates"])
    assert "may be" in done.out


def test_a_replaced_statement_is_said_to_be_one(run: Run, shared: Path) -> None:
    statement = found(run, shared, "autumn", "--all")[0]["id"]
    assert "not shown: another text or reading took its place" in run("statement", statement, "--ledger", shared).out


def test_a_quotation_and_who_carried_it(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    for outlet, day, words in (
        ("The Kestrel", "2026-03-09", "We have read every letter that the fishermen sent us, and we shall answer each of them by hand"),
        ("Gull Daily", "2026-03-10", "We have read every letter that the fishermen sent us, and we shall answer each of them"),
    ):
        story = f'Letters of {outlet}\n\n"{words}," Mayor Ilsa Brandt told reporters on Monday.\n'
        assert (
            run(
                "add", "-", "--ledger", ledger, "--outlet", outlet, "--url", f"https://{outlet[4:].strip().lower()}.example/a", "--published", day, stdin=story
            ).code
            == 0
        )
    statement = found(run, ledger, "fishermen", "--outlet", "Gull")[0]
    assert statement["quotation"].startswith("q1:")
    done = run("quotation", statement["quotation"], "--ledger", ledger)
    assert done.code == 0, done.err
    flat = " ".join(done.out.split())
    assert "first seen 2026-03-09, The Kestrel" in flat
    assert "carried by 2: The Kestrel; Gull Daily" in flat
    assert "[-by hand-]" in flat
    assert run("quotation", statement["id"], "--ledger", ledger).out == done.out
    told = json.loads(run("quotation", statement["id"], "--ledger", ledger, "--format", "json").out)
    assert told["outlets"] == ["Gull Daily", "The Kestrel"]
    assert run("quotation", "q1:00000000000000000000", "--ledger", ledger).code == 2
