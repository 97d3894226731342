"""Who stands where, on the command line: the matrix, its cells opened, timelines, shifts, splits."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from commanding import Run
from hypothesis import given
from hypothesis import strategies as st
from positioned import fill
from rich.console import Console, RenderableType

import onrecord
from onrecord.cli.evidence import evidence_table, shifts_table, split_table
from onrecord.cli.lanes import Lane, lanes_of, picture
from onrecord.cli.matrix_table import CELL_COLUMNS, matrix_tables, track_legend
from onrecord.cli.stances import arrow, tally
from onrecord.ledger import Who
from onrecord.positions import Stance

MATRIX_80 = """\
                   pier                 ferry                northern-toll-road

Lena Orsk          [1] mixed 4          [2] conditional 1    [3] disputed
GB                 2026-03-02           2026-01-05           1 disputed
                   +2 -1 o1                                  1 by hand
                   last day mixed

Otto Brandis       [5] support 3
NO                 2026-03-02
                   ↑ from conditional
                   +1 -1 ~1

Maren Vega         [7] support 1        [8] reported
GB                 2026-01-05           reported -1

unnamed speakers                        [10] oppose 1
NO                                      2026-03-02

                   night-train

Lena Orsk          [4] support 1
GB                 2026-02-09

Otto Brandis       [6] conditional 1
NO                 2026-02-09
                   1 by hand

Maren Vega         [9] oppose 1
GB                 2026-01-05
"""
LANES_80 = """\
Lena Orsk     +..................................o....................x
Otto Brandis  -..................................~....................+
Maren Vega    +........................................................
              2026-01-05                                     2026-03-02
+ support, - oppose, ~ conditional, o neutral, x mixed, . nothing said
"""


@pytest.fixture(scope="session")
def quarrel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with positions. To be looked at only."""
    path = tmp_path_factory.mktemp("positions") / "news.db"
    fill(path)
    return path


@pytest.fixture
def mine(quarrel: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copy(quarrel, tmp_path / "mine.db"))


def printed(lines: Iterable[RenderableType], *, width: int = 80) -> str:
    out = io.StringIO()
    to = Console(file=out, width=width, color_system=None, emoji=False, highlight=False)
    for line in lines:
        to.print(line)
        to.print()
    assert max(map(len, out.getvalue().splitlines())) <= width
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).replace("\n\n\n", "\n\n").strip("\n") + "\n"


def narrow() -> Console:
    return Console(width=80, color_system=None, file=io.StringIO())


# The matrix -------------------------------------------------------------------------------------------------------------------------


def test_the_matrix_at_80_columns(quarrel: Path) -> None:
    with onrecord.open(quarrel) as desk:
        assert printed(matrix_tables(desk.matrix(), narrow(), rows=None)).strip() == MATRIX_80.strip()


def test_the_matrix_at_160_columns_has_all_issues_beside_each_other(run: Run, quarrel: Path) -> None:
    done = run("positions", "--ledger", quarrel)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].split() == ["pier", "ferry", "northern-toll-road", "night-train"]
    assert max(map(len, lines)) <= 160
    assert "northern-toll-road: A toll on the northern road" in lines
    assert "no positions on: bell" in lines
    assert lines[-1] == "[number] opens a cell: the same command with --cell NUMBER"
    assert "\x1b" not in done.out


def test_without_colours_words_and_signs_say_all(quarrel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with onrecord.open(quarrel) as desk:
        matrix = desk.matrix()
        plain, coloured = io.StringIO(), io.StringIO()
        for out, to in (
            (plain, Console(file=plain, width=80, force_terminal=True)),
            (coloured, Console(file=coloured, width=80, force_terminal=True, no_color=False)),
        ):
            assert out is to.file
            for table in matrix_tables(matrix, to, rows=None):
                to.print(table)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", plain.getvalue())
    assert "32msupport" in coloured.getvalue()
    assert all(w in plain.getvalue() for w in ("support", "oppose", "conditional", "mixed", "disputed", "from"))


def test_a_terminal_without_arrows_has_others() -> None:
    ascii_only = Console(file=io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert [arrow(t, ascii_only) for t in (1, 0, -1)] == ["^", "", "v"]
    assert [arrow(t, Console(file=io.StringIO())) for t in (1, 0, -1)] == ["↑", "", "↓"]


def test_a_matrix_through_time(run: Run, quarrel: Path) -> None:
    done = run("positions", "--issue", "pier", "--by", "month", "--ledger", quarrel)
    flat = [line.split() for line in done.out.splitlines()]
    assert [line for line in flat if line in (["+ox"], ["-~+"], ["+.."])] == [["+ox"], ["-~+"], ["+.."]]
    assert "a sign a month, 2026-01-01 to 2026-03-01: + support" in done.out
    weeks = run("positions", "--issue", "pier", "--by", "week", "--ledger", quarrel)
    assert "-....~..+" in weeks.out


def test_more_periods_than_fit_are_said_to_be_cut(quarrel: Path) -> None:
    with onrecord.open(quarrel) as desk:
        matrix = desk.matrix(every="week")
        days = [c.period for c in matrix.periods if c.period]
        far = [c for c in matrix.periods if c.period == max(days)]
        stretched = type(matrix)(matrix.issues, matrix.rows, matrix.cells, (*matrix.periods, *(_moved(c) for c in far)))
        assert "< " in track_legend(stretched, "week")
        assert "earlier ones are not shown" in track_legend(stretched, "week")
        assert "<" in printed(matrix_tables(stretched, narrow(), rows=None, every="week"))


def _moved(cell):
    return replace(cell, period=cell.period + timedelta(weeks=30))


def test_rows_may_be_countries(run: Run, quarrel: Path) -> None:
    found = json.loads(run("positions", "--rows", "country", "--ledger", quarrel, "--format", "json").out)
    assert [r["country"] for r in found["rows"]] == ["GB", "NO"]
    train = next(c for c in found["cells"] if c["issue"] == "night-train" and c["who"]["country"] == "GB")
    assert (train["stance"], train["mixed"], [m["who"]["name"] for m in train["members"]]) == (None, True, ["Lena Orsk", "Maren Vega"])
    assert "members differ" in run("positions", "--rows", "country", "--ledger", quarrel).out


def test_filters_narrow_the_matrix(run: Run, quarrel: Path) -> None:
    def cells(*more: str) -> set[tuple[str, str]]:
        done = run("positions", "--ledger", quarrel, "--format", "json", *more)
        assert done.code == 0, done.err
        return {(c["who"]["name"], c["issue"]) for c in json.loads(done.out)["cells"]}

    assert cells("--issue", "A second ferry", "--camp", "NO") == {("unnamed speakers", "ferry")}
    assert cells("--actor", "Vega", "--issue", "pier") == {("Maren Vega", "pier")}
    assert {i for _, i in cells("--since", "2026-02", "--until", "2026-02-28")} == {"pier", "northern-toll-road", "night-train"}
    assert ("Maren Vega", "pier") not in cells("--since", "2026-02")
    assert ("Maren Vega", "pier") in cells("--since", "2026-02", "--min-score", "0")
    assert cells("--issue", "pier", "--issue", "ferry", "--min-score", "0.95") == set()


def test_reported_positions_count_when_they_are_asked_for(run: Run, quarrel: Path) -> None:
    def vega(*more: str) -> dict:
        found = json.loads(run("positions", "--issue", "ferry", "--ledger", quarrel, "--format", "json", *more).out)
        return next(c for c in found["cells"] if c["who"]["name"] == "Maren Vega")

    assert (vega()["statements"], vega()["reported"], vega()["stance"]) == (0, {"oppose": 1}, None)
    assert (vega("--reported")["statements"], vega("--reported")["stance"]) == (1, "oppose")


def test_json_csv_and_jsonl_of_cells_agree(run: Run, quarrel: Path) -> None:
    arguments = ("positions", "--by", "month", "--ledger", quarrel)
    told = json.loads(run(*arguments, "--format", "json").out)
    assert set(told) == {"issues", "rows", "cells", "periods"}
    assert [c["cell"] for c in told["cells"]] == list(range(1, 11))
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").out, newline="")))
    assert tuple(rows[0]) == CELL_COLUMNS
    assert len(rows) == len(told["cells"]) + len(told["periods"])
    whole = [r for r in rows if not r["period"]]
    assert [(int(r["cell"]), r["issue"], r["who"], r["stance"] or None) for r in whole] == [
        (c["cell"], c["issue"], c["who"]["name"], c["stance"]) for c in told["cells"]
    ]
    assert [r["trend"] for r in whole if r["who"] == "Otto Brandis" and r["issue"] == "pier"] == ["up"]
    lines = [json.loads(line) for line in run(*arguments, "--format", "jsonl").out.splitlines()]
    assert [(c["cell"], c["period"] or "") for c in lines] == [(int(r["cell"]), r["period"]) for r in rows]


def test_rows_beyond_the_limit_are_counted(run: Run, quarrel: Path) -> None:
    done = run("positions", "--limit", "1", "--ledger", quarrel)
    assert "Lena Orsk" in done.out
    assert "Otto Brandis" not in done.out
    assert "1 of 4 rows; --limit for more" in done.out
    assert len(json.loads(run("positions", "--limit", "1", "--ledger", quarrel, "--format", "json").out)["rows"]) == 1


def test_an_empty_matrix_says_why(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "empty.db"
    assert run("init", "--ledger", ledger).code == 0
    assert run("positions", "--ledger", ledger).out == "no issue is followed; `onrecord issue add` or `onrecord issue import` adds one\n"
    assert run("issue", "add", "bell", "The bell", "--ledger", ledger).code == 0
    assert run("positions", "--ledger", ledger).out.startswith("no positions found; `onrecord issue read`")
    assert json.loads(run("positions", "--ledger", ledger, "--format", "json").out)["cells"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--issue", "lighthouse"], "lighthouse: no such issue is followed"),
        (["--actor", "Nobody Atall"], "Nobody Atall: nobody in the ledger is called so"),
        (["--camp", "Otto Brandis"], "Otto Brandis: a person is no camp"),
        (["--since", "yesterday"], "'yesterday' is no day"),
        (["--stance", "furious"], "there is no stance 'furious'"),
        (["--cell", "99"], "there is no cell 99 (this matrix has 10"),
        (["--evidence", "--by", "week"], "--evidence lists positions one by one"),
        (["--offset", "3"], "--offset without --evidence or --cell"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_exit_code_two(arguments: list[str], said: str, run: Run, quarrel: Path) -> None:
    done = run("positions", "--ledger", quarrel, *arguments)
    assert (done.code, done.out, len(done.said)) == (2, "", 1)
    assert said in done.said[0]


# Cells opened -----------------------------------------------------------------------------------------------------------------------


def test_every_cell_opens_into_the_statements_that_it_counts(run: Run, quarrel: Path) -> None:
    for rows in ("actor", "country", "organization"):
        matrix = json.loads(run("positions", "--rows", rows, "--ledger", quarrel, "--format", "json").out)
        for cell in matrix["cells"]:
            opened = json.loads(run("positions", "--rows", rows, "--cell", str(cell["cell"]), "--ledger", quarrel, "--format", "json").out)["positions"]
            own = [p for p in opened if not p["reported"]]
            assert len(own) == cell["statements"] + cell["disputed"], cell
            assert len(opened) - len(own) == sum(cell["reported"].values()), cell
            assert {p["issue"] for p in opened} == {cell["issue"]}


def test_evidence_says_who_through_whom_and_on_what_condition(run: Run, quarrel: Path) -> None:
    done = run("positions", "--issue", "pier", "--actor", "Brandis", "--evidence", "--ledger", quarrel)
    flat = " ".join(done.out.split())
    words = (
        "2026-03-02",
        "support 0.71",
        "Otto Brandis",
        "through Halyard Wire",
        "condition: only if the ferry runs all winter long",
        "positions-1.0.0",
        "Lantern",
        "s1:",
    )
    assert [w for w in words if w not in flat] == []
    assert done.out.splitlines()[-1] == "3 positions"
    ferry = " ".join(run("positions", "--issue", "ferry", "--evidence", "--ledger", quarrel).out.split())
    assert "at one remove: reported by Lena Orsk" in ferry


def test_evidence_says_what_a_person_coded_and_where_coders_differ(run: Run, quarrel: Path) -> None:
    road = " ".join(run("positions", "--issue", "northern-toll-road", "--evidence", "--ledger", quarrel).out.split())
    assert "disputed" in road
    assert "by hand, mira: oppose; tom: support" in road
    train = json.loads(run("positions", "--issue", "night-train", "--actor", "Brandis", "--evidence", "--ledger", quarrel, "--format", "json").out)
    assert [(p["stance"], p["by_hand"], p["machine"]["stance"]) for p in train["positions"]] == [("conditional", True, "support")]


def test_evidence_at_80_columns(quarrel: Path) -> None:
    with onrecord.open(quarrel) as desk:
        shown = printed([evidence_table(desk.positions(reported=True), narrow())])
    flat = " ".join(shown.split())
    assert all(w in flat for w in ("at one remove:", "through Halyard Wire", "conditional 0.90", "condition: if the", "positions-1.0.0", "s1:"))


def test_evidence_for_machines(run: Run, quarrel: Path) -> None:
    arguments = ("positions", "--evidence", "--ledger", quarrel)
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").out, newline="")))
    lines = [json.loads(line) for line in run(*arguments, "--format", "jsonl").out.splitlines()]
    assert [int(r["key"]) for r in rows] == [p["key"] for p in lines]
    assert len(rows) == json.loads(run(*arguments, "--format", "json", "--limit", "1").out)["total"] == 15
    reported = next(r for r in rows if r["reported"] == "true")
    assert (reported["who"], reported["reported_by"], reported["stance"]) == ("Maren Vega", "Lena Orsk", "oppose")
    assert next(r for r in rows if r["chain"])["chain"] == "Halyard Wire"
    assert next(r for r in rows if "garden" in r["words"])["act"] == "propose"


def test_a_page_and_the_next_are_the_whole(run: Run, quarrel: Path) -> None:
    def keys(*more: str) -> list[int]:
        return [p["key"] for p in json.loads(run("positions", "--issue", "pier", *more, "--ledger", quarrel, "--format", "json").out)["positions"]]

    for how in (["--evidence"], ["--cell", "1"]):
        assert keys(*how, "--limit", "2") + keys(*how, "--offset", "2") == keys(*how)


def test_a_file_holds_what_standard_output_would(run: Run, quarrel: Path, tmp_path: Path) -> None:
    for n, more in enumerate((["positions"], ["positions", "--evidence"], ["timeline", "pier"], ["shifts"], ["split", "GB"])):
        for form in ("table", "json", "jsonl", "csv"):
            target = tmp_path / f"{n}.{form}"
            arguments = (*more, "--ledger", quarrel, "--format", form)
            assert run(*arguments, "--output", target).out == ""
            assert target.read_bytes().decode() == run(*arguments).out


# Timeline, shifts, splits -----------------------------------------------------------------------------------------------------------


def test_lanes_at_80_columns(quarrel: Path) -> None:
    with onrecord.open(quarrel) as desk:
        lines = picture(lanes_of(desk.timeline("pier")), narrow())
    assert "\n".join(line.plain.rstrip() for line in lines) + "\n" == LANES_80


def test_a_timeline_has_lanes_and_days(run: Run, quarrel: Path) -> None:
    done = run("timeline", "closing the old pier", "--ledger", quarrel)
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "7 days"
    assert "from conditional" in done.out
    few = run("timeline", "pier", "--lanes", "1", "--limit", "2", "--ledger", quarrel)
    assert "1 of 3 actors; --lanes for more" in few.out
    assert few.out.splitlines()[-1] == "2 of 7; --limit for more"
    rows = list(csv.DictReader(io.StringIO(run("timeline", "pier", "--actor", "Brandis", "--ledger", quarrel, "--format", "csv").out, newline="")))
    assert [(r["day"], r["stance"], r["shift_from"]) for r in rows] == [
        ("2026-01-05", "oppose", ""),
        ("2026-02-09", "conditional", "oppose"),
        ("2026-03-02", "support", "conditional"),
    ]
    assert run("timeline", "bell", "--ledger", quarrel).out == "no days found\n"
    assert run("timeline", "lighthouse", "--ledger", quarrel).code == 2


def test_days_that_share_a_column_are_one_side_or_mixed() -> None:
    def signs(*stances: Stance | None) -> str:
        days = [(date(2020, 1, 1) + timedelta(days=n), s) for n, s in enumerate(stances)]
        lane = Lane(Who("a1:x", "Lena Orsk", "person"), (*days, (date(2026, 1, 1), Stance.NEUTRAL)))
        return picture([lane], narrow())[0].plain.split()[-1][0]

    assert signs(Stance.SUPPORT, Stance.NEUTRAL) == "+"
    assert signs(Stance.NEUTRAL, Stance.NEUTRAL) == "o"
    assert signs(Stance.SUPPORT, Stance.OPPOSE) == "x"
    assert signs(Stance.CONDITIONAL, None) == "x"


@given(
    st.lists(st.lists(st.tuples(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.sampled_from([*Stance, None])), min_size=1), min_size=1, max_size=5),
    st.integers(40, 200),
)
def test_a_picture_has_a_sign_for_the_first_and_the_last_day_and_fits(days: list[list[tuple[date, Stance | None]]], width: int) -> None:
    lanes = [Lane(Who(f"a1:{n}", "Speaker " * (n + 1), "person"), tuple(sorted(d, key=lambda x: x[0]))) for n, d in enumerate(days)]
    *drawn, ends, _ = picture(lanes, Console(width=width, file=io.StringIO()))
    assert all(line.cell_len <= width for line in (*drawn, ends))
    signs = [line.plain.split()[-1] for line in drawn]
    assert len({len(s) for s in signs}) == 1
    first, last = min(lane.days[0][0] for lane in lanes), max(lane.days[-1][0] for lane in lanes)
    assert all((s[0] != ".") == (lane.days[0][0] == first) for s, lane in zip(signs, lanes, strict=True) if len(s) > (last - first).days)
    assert any(s[0] != "." for s in signs)
    assert first == last or any(s[-1] != "." for s in signs)
    assert ends.plain.split() == list(dict.fromkeys([str(first), str(last)]))


def test_shifts_name_both_statements(run: Run, quarrel: Path) -> None:
    done = run("shifts", "--ledger", quarrel)
    flat = " ".join(done.out.split())
    assert "conditional to support" in flat
    assert flat.index("2026-03-02 Otto Brandis") < flat.index("2026-02-09 Otto Brandis")
    assert "anglers" in flat
    assert done.out.splitlines()[-1] == "2 shifts"
    found = json.loads(run("shifts", "--ledger", quarrel, "--format", "json", "--limit", "1").out)
    assert (found["more"], found["shifts"][0]["from"], found["shifts"][0]["to"]) == (True, "conditional", "support")
    rows = list(csv.DictReader(io.StringIO(run("shifts", "--ledger", quarrel, "--format", "csv").out, newline="")))
    assert [(r["from"], r["to"], r["before_day"], r["after_day"]) for r in rows] == [
        ("conditional", "support", "2026-02-09", "2026-03-02"),
        ("oppose", "conditional", "2026-01-05", "2026-02-09"),
    ]
    assert len(run("shifts", "--ledger", quarrel, "--format", "csv", "--limit", "1").out.splitlines()) == 2
    assert run("shifts", "--ledger", quarrel, "--steady", "2").out == "no shifts found\n"
    with onrecord.open(quarrel) as desk:
        assert "oppose to conditional" in printed([shifts_table(desk.shifts())])


def test_a_split_names_the_members_that_differ(run: Run, quarrel: Path) -> None:
    done = run("split", "GB", "--ledger", quarrel)
    assert "night-train: A night train to the coast" in done.out
    assert all(w in done.out for w in ("Lena Orsk", "Maren Vega", "dearer than any bus"))
    assert done.out.splitlines()[-1] == "members differ on 1 issue"
    found = json.loads(run("split", "GB", "--ledger", quarrel, "--format", "json").out)
    assert [(m["cell"]["who"]["name"], m["cell"]["stance"]) for m in found["splits"][0]["members"]] == [("Lena Orsk", "support"), ("Maren Vega", "oppose")]
    rows = list(csv.DictReader(io.StringIO(run("split", "GB", "--ledger", quarrel, "--format", "csv").out, newline="")))
    assert [r["stance"] for r in rows] == ["support", "oppose"]
    assert run("split", "NO", "--ledger", quarrel).out == "no issue on which members differ\n"
    assert run("split", "Nowhere", "--ledger", quarrel).code == 2
    with onrecord.open(quarrel) as desk:
        assert "Maren Vega" in printed(split_table(s) for s in desk.splits("GB"))


# One statement, and search ----------------------------------------------------------------------------------------------------------


def test_a_statement_shows_its_act_its_positions_and_its_codings(run: Run, quarrel: Path) -> None:
    with onrecord.open(quarrel) as desk:
        road = next(e for e in desk.positions(issue="northern-toll-road"))
        pier = next(e for e in desk.positions(issue="pier", actor="Brandis", order="oldest"))
    assert road.hit is not None
    assert pier.hit is not None
    flat = " ".join(run("statement", road.hit.id, "--ledger", quarrel).out.split())
    assert all(w in flat for w in ("disputed", "mira: oppose; tom: support", "positions-1.0.0: oppose 0.90", "by ear", "c1:"))
    assert "act reject, 0.80, positions-1.0.0" in " ".join(run("statement", pier.hit.id, "--ledger", quarrel).out.split())
    told = json.loads(run("statement", road.hit.id, "--ledger", quarrel, "--format", "json").out)["statements"][0]
    assert [(e["issue"], e["stance"], e["disputed"], len(e["codings"])) for e in told["evidence"]] == [("northern-toll-road", None, True, 2)]


def test_a_search_is_narrowed_by_the_act(run: Run, quarrel: Path) -> None:
    def found(*more: str) -> list[str]:
        done = run("search", "--ledger", quarrel, "--format", "json", *more)
        assert done.code == 0, done.err
        return sorted(s["act"] for s in json.loads(done.out)["statements"])

    assert found("--act", "reject") == ["reject"]
    assert found("--act", "demand", "--act", "propose") == ["demand", "propose"]
    assert found("garden", "--act", "demand") == []
    assert found("--act", "express concern") == []
    done = run("search", "--ledger", quarrel, "--act", "shout")
    assert (done.code, len(done.said)) == (2, 1)
    assert "there is no act 'shout'" in done.said[0]


def test_a_search_is_narrowed_by_the_issue(run: Run, quarrel: Path) -> None:
    def found(*more: str) -> set[str]:
        done = run("search", "--ledger", quarrel, "--format", "json", "--limit", "200", *more)
        assert done.code == 0, done.err
        return {s["id"] for s in json.loads(done.out)["statements"]}

    with onrecord.open(quarrel) as desk:
        wanted = {name: {e.hit.id for e in desk.positions(issue=name, reported=True) if e.hit} for name in ("pier", "northern-toll-road")}
    assert all(wanted.values())
    for name, statements in wanted.items():
        assert found("--issue", name) == statements
    assert found("--issue", "pier", "--issue", "northern-toll-road") == wanted["pier"] | wanted["northern-toll-road"]
    assert found("--issue", "pier", "--actor", "Brandis") < wanted["pier"]
    done = run("search", "--ledger", quarrel, "--issue", "nothing")
    assert (done.code, len(done.said)) == (2, 1)
    assert "no such issue is followed" in done.said[0]
    assert run("search", "--ledger", quarrel, "--issue", "pier", "--articles").code == 2


def test_signs_of_nothing_are_nothing() -> None:
    assert tally({}) == ""
