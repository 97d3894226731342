"""Networks on the command line: tables, files, and what cannot be meant."""

import csv
import io
import json
import shutil
from pathlib import Path

import networkx as nx
import pytest
from commanding import Run
from positioned import fill


@pytest.fixture(scope="session")
def tied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with positions, one of them through an agency. To be looked at only."""
    path = tmp_path_factory.mktemp("tied") / "news.db"
    fill(path)
    return path


def test_a_table_for_people(run: Run, tied: Path) -> None:
    found = run("network", "--ledger", tied)
    assert found.code == 0, found.err
    lines = [" ".join(line.split()) for line in found.out.splitlines()]
    assert lines[0] == "between and tie weight on"
    assert "Lena Orsk Otto Brandis congruence 1 1 of 2 issues" in lines
    assert any(line.endswith(" ties") for line in lines)
    assert any(line.startswith("camp 1: ") for line in lines)


@pytest.mark.parametrize("kind", ["congruence", "conflict"])
def test_one_kind_of_tie(run: Run, tied: Path, kind: str) -> None:
    told = json.loads(run("network", "--ledger", tied, "--kind", kind, "--format", "json").out)
    assert {t["tie"] for t in told["ties"]} == {kind}
    assert told["total"] == len(told["ties"]) > 0


def test_it_can_be_narrowed(run: Run, tied: Path) -> None:
    def ties(*options: str) -> list[dict[str, object]]:
        return list(json.loads(run("network", "--ledger", tied, "--format", "json", *options).out)["ties"])

    every = ties()
    assert 0 < len(ties("--issue", "night-train")) < len(every)
    assert len(ties("--limit", "1")) == 1
    assert max(t["weight"] for t in ties("--norm", "jaccard")) <= 1
    assert len(ties("--norm", "cosine", "--least", "0.9")) < len(every)
    assert ties("--since", "2030") == []
    assert len({i for t in ties("--actors", "2") for i in (t["one"], t["other"])}) <= 2
    assert "no ties found" in run("network", "--ledger", tied, "--since", "2030").out


def test_files_for_other_programs(run: Run, tied: Path, tmp_path: Path) -> None:
    told = json.loads(run("network", "--ledger", tied, "--format", "json").out)
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        to = tmp_path / f"net.{form}"
        assert run("network", "--ledger", tied, "--format", form, "--output", to).code == 0
        graph = read(to)
        assert set(graph) == {a["id"] for a in told["actors"]}
        assert graph.number_of_edges() == len(told["ties"])
    rows = list(csv.DictReader(io.StringIO(run("network", "--ledger", tied, "--format", "csv").out)))
    assert [(r["one_id"], r["other_id"], r["tie"]) for r in rows] == [(t["one"], t["other"], t["tie"]) for t in told["ties"]]


def test_who_cites_whom(run: Run, tied: Path, tmp_path: Path) -> None:
    found = run("network", "--ledger", tied, "--kind", "citations")
    assert found.code == 0, found.err
    assert "Halyard Wire (outlet)" in found.out
    told = json.loads(run("network", "--ledger", tied, "--kind", "citations", "--format", "json").out)
    called = {p["id"]: p["name"] for p in told["parties"]}
    assert ("Halyard Wire", "Otto Brandis", 1) in {(called[t["one"]], called[t["other"]], t["count"]) for t in told["ties"]}
    assert ("Lena Orsk", "Maren Vega", 1) in {(called[t["one"]], called[t["other"]], t["told"]) for t in told["ties"]}
    assert told["sample"]["whole"] is True
    without = json.loads(run("network", "--ledger", tied, "--kind", "citations", "--no-outlets", "--format", "json").out)
    assert len(without["ties"]) == len(told["ties"]) - 1
    to = tmp_path / "citing.gexf"
    assert run("network", "--ledger", tied, "--kind", "citations", "--format", "gexf", "--output", to).code == 0
    assert nx.read_gexf(to).is_directed()
    assert "no ties found" in run("network", "--ledger", tied, "--kind", "citations", "--since", "2030").out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "citations", "--issue", "pier", "--norm", "cosine"), "--issue, --norm with --kind citations"),
        (("--no-outlets",), "--no-outlets without --kind citations"),
        (("--kind", "citations", "--since", "soon"), "soon"),
        (("--issue", "nothing"), "nothing"),
        (("--kind", "love"), "love"),
        (("--actors", "1"), "actors"),
        (("--norm", "weight"), "weight"),
    ],
)
def test_what_cannot_be_meant_is_said(run: Run, tied: Path, options: tuple[str, ...], said: str) -> None:
    found = run("network", "--ledger", tied, *options)
    assert found.code == 2
    assert said in found.err


def test_without_the_library_the_line_to_get_it_is_said(run: Run, tied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "networkx", None)
    for options in ((), ("--format", "graphml"), ("--kind", "citations", "--format", "gexf")):
        found = run("network", "--ledger", tied, *options)
        assert found.code == 2
        assert "pip install 'onrecord[web]'" in found.err
    assert run("network", "--ledger", tied, "--kind", "citations").code == 0
    assert run("network", "--ledger", tied, "--kind", "citations", "--format", "csv").code == 0


def test_looking_changes_nothing(run: Run, tied: Path, tmp_path: Path) -> None:
    own = Path(shutil.copy(tied, tmp_path / "own.db"))
    before = own.read_bytes()
    run("network", "--ledger", own)
    assert own.read_bytes() == before
