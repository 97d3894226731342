"""`onrecord code` and `onrecord agreement`: through a pipe, and at a terminal."""

import json
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from fcntl import ioctl
from pathlib import Path

import numpy as np
import pytest
from commanding import Run, program
from levies import ISSUE, SAID, fill

from onrecord.errors import ModelError
from onrecord.ledger import Ledger
from onrecord.positions import Act, Issue, Stance


@pytest.fixture
def levies(tmp_path: Path) -> Path:
    path = tmp_path / "levies.db"
    with Ledger.open(path, create=True) as ledger:
        fill(ledger)
    return path


def codings(path: Path) -> list:
    with Ledger.open(path) as ledger:
        return list(ledger.codings())


def coded(path: Path, by: str = "mira") -> list[tuple[str, str]]:
    """Words and what was said of them, oldest first."""
    every = [c for c in codings(path) if c.by == by]
    return [(c.words.strip("“”,"), "unsure" if c.unsure else str(c.stance or "none")) for c in every]


# Through a pipe


def test_what_a_script_says_is_what_is_kept(run: Run, levies: Path) -> None:
    # Newest first: 5 oppose, 4 support, 3 neutral, 2 conditional, 1 oppose, 0 support.
    script = "accept\nx\nu\nc if the harbour is dredged\nt reject\nm they mean it\no\n-\n"
    done = run("code", "levy", "--order", "new", "--ledger", levies, stdin=script)
    assert done.code == 0
    words = [row[0] for row in SAID]
    assert coded(levies) == [(words[5], "oppose"), (words[4], "none"), (words[3], "unsure"), (words[2], "conditional"), (words[1], "oppose")]
    *_, conditional, oppose = codings(levies)
    assert [s.exact for s in conditional.condition] == ["if the harbour is dredged"]
    assert (oppose.act, oppose.note, oppose.stance, oppose.blind) == (Act.REJECT, "they mean it", Stance.OPPOSE, False)
    assert conditional.act is None
    assert done.out.splitlines()[-1] == "levy: 5 coded, 1 skipped; nothing is left"


def test_the_machine_s_condition_is_accepted_with_its_stance(run: Run, levies: Path) -> None:
    run("code", "levy", "--words", "dredged", "--ledger", levies, stdin="\n")
    (coding,) = codings(levies)
    assert (coding.stance, [s.exact for s in coding.condition]) == (Stance.CONDITIONAL, ["if the harbour is dredged"])


def test_a_queue_is_taken_up_where_it_was_left(run: Run, levies: Path) -> None:
    first = run("code", "levy", "--order", "new", "--ledger", levies, stdin="s\ns\nq\ns\n")
    assert first.out.splitlines()[-1] == "levy: 2 coded, 0 skipped"
    second = run("code", "levy", "--order", "new", "--limit", "1", "--ledger", levies, stdin="o\no\n")
    assert SAID[3][0] in second.out
    assert SAID[4][0] not in second.out
    assert coded(levies) == [(SAID[5][0], "support"), (SAID[4][0], "support"), (SAID[3][0], "oppose")]
    rest = run("code", "levy", "--ledger", levies, stdin="s\ns\ns\ns\n")
    assert rest.out.splitlines()[-1] == "levy: 3 coded, 0 skipped; nothing is left"
    assert run("code", "levy", "--ledger", levies).out == "levy: 0 coded, 0 skipped; there is nothing to code\n"


def test_back_takes_a_coding_back_and_shows_the_statement_again(run: Run, levies: Path) -> None:
    done = run("code", "levy", "--order", "new", "--ledger", levies, stdin="s\nb\no\ns\n-\nb\nn\n")
    assert done.code == 0
    assert coded(levies) == [(SAID[5][0], "oppose"), (SAID[4][0], "support"), (SAID[3][0], "neutral")]
    assert done.out.count("taken back") == 1
    at_first = run("code", "levy", "--order", "new", "--ledger", levies, stdin="b\n")
    assert (at_first.code, at_first.said) == (1, ["onrecord: this is the first one"])


def test_the_screen_shows_statement_context_and_the_machine_s_coding(run: Run, levies: Path) -> None:
    run("code", "levy", "--words", "dredged", "--coder", "otto", "--ledger", levies, stdin="m as they say\nn\n")
    out = run("code", "levy", "--words", "dredged", "--ledger", levies, stdin="?\nk if the harbour is dredged\nt demand\nq\n").out
    for wanted in (
        "levy: A levy on berths in the harbour",
        "(1 of …, coder mira)",
        "2022-01-05 The Kestrel Berths 2",
        "Jorun Vale, NO (person)",
        "[content: “we would pay it if the harbour is dredged,”] [source: Jorun Vale] [cue: said]. The harbour lay quiet",
        "machine: conditional 0.62 (positions-0.0.1)",
        "  condition “if the harbour is dredged”",
        "  act assert 0.70",
        "otto: neutral (as they say)",
        "chosen: condition “if the harbour is dredged”; now a stance",
        "chosen: act demand, condition “if the harbour is dredged”; now a stance",
        "[content: “we would pay it [condition: if the harbour is dredged],”]",
        "Enter, a  accept what the machine says",
    ):
        assert wanted in out


def test_a_blind_coder_sees_nothing_that_others_say_and_gets_the_same_statements(run: Run, levies: Path) -> None:
    run("code", "levy", "--ledger", levies, "--limit", 4, stdin="x\ns\no\nc\n")
    first = coded(levies)
    done = run("code", "levy", "--coder", "otto", "--blind", "--as-coded-by", "mira", "--ledger", levies, stdin="s\na\ns\no\ns\n")
    assert (done.code, done.said) == (1, ["onrecord: blind: there is nothing to accept; choose a stance"])
    for hidden in ("machine:", "act assert", "mira:", "positions-0.0.1"):
        assert hidden not in done.out
    assert "blind: what the machine and others say is hidden" in done.out
    assert [w for w, _ in coded(levies, "otto")] == [w for w, _ in first]
    assert [c.blind for c in codings(levies)] == [False] * 4 + [True] * 4


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("z\n", "'z' means nothing here; ? shows the keys"),
        ("t shout\n", "'shout' is no act"),
        ("k if pigs fly\n", "“if pigs fly” does not stand in the content"),
        ("c if pigs fly\n", "“if pigs fly” does not stand in the content"),
    ],
)
def test_a_line_that_means_nothing_is_named_and_codes_nothing(script: str, said: str, run: Run, levies: Path) -> None:
    done = run("code", "levy", "--ledger", levies, stdin=script)
    assert (done.code, len(done.said)) == (1, 1)
    assert said in done.said[0]
    assert codings(levies) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ferry"], "no such issue is followed"),
        (["levy", "--order", "loud"], "there is no order 'loud'"),
        (["levy", "--as-coded-by", "mira"], "this is what you coded yourself"),
        (["levy", "--actor", "Nobody Atall"], "nobody in the ledger is called so"),
        (["levy", "--since", "soon"], "soon"),
    ],
)
def test_a_queue_that_cannot_be_meant_is_one_line(arguments: list[str], said: str, run: Run, levies: Path) -> None:
    done = run("code", *arguments, "--ledger", levies, stdin="s\n")
    assert (done.code, len(done.said)) == (2, 1)
    assert said in done.said[0]


# At a terminal


class Screen:
    """A terminal of 80 columns that a program runs at."""

    def __init__(self, handle: int, process: subprocess.Popen[bytes]) -> None:
        self.handle, self.process, self.text, self._at = handle, process, "", 0

    def until(self, wanted: str, seconds: float = 60) -> str:
        """Wait for words, after those that were waited for before."""
        end = time.monotonic() + seconds
        while (at := plain(self.text).find(wanted, self._at)) < 0:
            assert time.monotonic() < end, f"{wanted!r} did not come; there is {plain(self.text)[self._at :]!r}"
            self._read()
        start, self._at = self._at, at + len(wanted)
        return plain(self.text)[start : self._at]

    def press(self, keys: str) -> None:
        os.write(self.handle, keys.encode())

    def leave(self, seconds: float = 60) -> int:
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self._read()
        self._read()
        return self.process.wait(1)

    def _read(self) -> None:
        if select.select([self.handle], [], [], 0.2)[0]:
            with suppress(OSError):
                self.text += os.read(self.handle, 65536).decode(errors="replace")


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")


@contextmanager
def at_terminal(*arguments: object, **env: str) -> Iterator[Screen]:
    handle, other = pty.openpty()
    ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    environ = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")}
    environ |= {"TERM": "xterm-256color", "LOGNAME": "mira", **env}
    # The terminal is the program's own, so that Ctrl-C there is one.
    process = subprocess.Popen(
        program(*arguments),
        stdin=other,
        stdout=other,
        stderr=other,
        env=environ,
        preexec_fn=lambda: os.login_tty(os.dup(0)),  # noqa: PLW1509 - nothing else happens in between
    )
    os.close(other)
    try:
        yield Screen(handle, process)
    finally:
        process.kill()
        process.wait()
        os.close(handle)


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}], ids=["colours", "no colours"])
def test_one_key_is_a_decision_at_a_terminal(levies: Path, env: dict[str, str]) -> None:
    with at_terminal("code", "levy", "--order", "new", "--ledger", levies, **env) as screen:
        shown = screen.until("[q]uit")
        assert SAID[5][0] in shown
        assert ("[content:" in shown) == bool(env)
        assert ("\x1b[1m" in screen.text) or env
        screen.press("\r")
        screen.until("[q]uit")
        screen.press("\x1b[A")  # an arrow is nothing
        screen.press("s")
        screen.until("[q]uit")
        screen.press("b")
        assert "taken back" in screen.until("[q]uit")
        screen.press("o")
        screen.until("[q]uit")
        screen.press("t")
        screen.until("express concern")
        screen.press("d")
        screen.until("chosen: act demand; now a stance")
        screen.until("[q]uit")
        screen.press("u")
        screen.until("[q]uit")
        screen.press("c")
        screen.until("Enter for none:")
        screen.press("if pigs fly\r")
        screen.until("does not stand in the content")
        screen.press("c")
        screen.until("Enter for none:")
        screen.press("if the harbour is dredged\r")
        screen.until("[q]uit")
        screen.press("q")
        assert screen.leave() == 0
    assert coded(levies) == [(SAID[5][0], "oppose"), (SAID[4][0], "oppose"), (SAID[3][0], "unsure"), (SAID[2][0], "conditional")]
    *_, unsure, conditional = codings(levies)
    assert unsure.act is Act.DEMAND
    assert [s.exact for s in conditional.condition] == ["if the harbour is dredged"]
    text = plain(screen.text)
    assert "levy: 4 coded, 0 skipped" in text
    assert [line for line in text.split("\n") if "ledger: " not in line and len(line) > 80] == []


def test_ctrl_c_at_a_terminal_keeps_what_was_coded(levies: Path) -> None:
    with at_terminal("code", "levy", "--order", "new", "--ledger", levies) as screen:
        screen.until("[q]uit")
        screen.press("s")
        screen.until("[q]uit")
        screen.press("\x03")
        assert screen.leave() == 130
    assert "stopped; what was coded stays" in plain(screen.text)
    assert coded(levies) == [(SAID[5][0], "support")]


def test_keys_that_are_typed_ahead_count_and_the_terminal_is_left_as_it_was(levies: Path) -> None:
    with at_terminal("code", "levy", "--order", "new", "--ledger", levies) as screen:
        before = termios.tcgetattr(screen.handle)
        screen.until("[q]uit")
        screen.press("ssoq")
        assert screen.leave() == 0
        assert termios.tcgetattr(screen.handle) == before
    assert coded(levies) == [(SAID[5][0], "support"), (SAID[4][0], "support"), (SAID[3][0], "oppose")]


def test_ctrl_d_leaves_a_terminal(levies: Path) -> None:
    with at_terminal("code", "levy", "--ledger", levies) as screen:
        screen.until("[q]uit")
        screen.press("\x04")
        assert screen.leave() == 0
    assert codings(levies) == []


# Learning


class Loath:
    """A model that takes refusals for support, though it can tell them apart."""

    name = "positions-0.0.1"

    def vectors(self, texts: list[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] if "refuse" in t else [0.0, 1.0] for t in texts])

    def stances(self, rows: list[tuple], *, rivals: Sequence[Issue] = ()) -> np.ndarray:  # noqa: ARG002 - it tells no issue from another
        # none, support, oppose, conditional, neutral
        return np.tile([0.05, 0.55, 0.3, 0.05, 0.05], (len(rows), 1))


@pytest.fixture
def forty(tmp_path: Path) -> Path:
    path = tmp_path / "forty.db"
    said = [(f"we {'refuse' if n % 2 else 'accept'} what is written in paper number {n}", Stance.SUPPORT, 0.55, None) for n in range(40)]
    with Ledger.open(path, create=True) as ledger:
        fill(ledger, said)
    return path


def test_at_the_twentieth_coding_the_machine_learns_and_says_so(run: Run, forty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.desk.reading.coder_named", lambda *_: Loath())
    # Newest first: odd numbers refuse.
    first = run("code", "levy", "--order", "new", "--limit", "19", "--ledger", forty, stdin="o\ns\n" * 10)
    assert "refit" not in first.out
    second = run("code", "levy", "--order", "new", "--limit", "1", "--ledger", forty, stdin="s\n")
    learned, scored = second.out.splitlines()[-1].split("; ")
    assert learned == "levy: refitted from 20 codings (accuracy, each coding left out in turn: 0.50 before, 1.00 after)"
    assert scored == "40 positions scored again by positions-0.0.1+refit.v1(20)"
    with Ledger.open(forty) as ledger:
        stances = {("refuse" in e.words, e.stance) for e in ledger.positions() if not e.by_hand}
    assert stances == {(True, Stance.OPPOSE), (False, Stance.SUPPORT)}
    again = run("code", "levy", "--only-refit", "--ledger", forty)
    assert again.out.endswith("; 0 positions scored again by positions-0.0.1+refit.v1(20)\n")


def test_who_does_not_want_it_gets_no_refit_and_without_a_model_it_says_so(run: Run, forty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise ModelError("no model file in the package")

    monkeypatch.setattr("onrecord.desk.reading.coder_named", missing)
    assert "refit" not in run("code", "levy", "--no-refit", "--limit", "20", "--ledger", forty, stdin="o\ns\n" * 10).out
    done = run("code", "levy", "--limit", "10", "--ledger", forty, stdin="o\ns\n" * 5)
    assert done.code == 0
    assert done.said[-1].startswith("levy: not refitted: no model file in the package")
    assert run("code", "levy", "--only-refit", "--ledger", forty).code == 2


# Agreement


def test_agreement_of_two_coders_and_the_machine(run: Run, levies: Path) -> None:
    run("code", "levy", "--order", "new", "--blind", "--ledger", levies, stdin="o\nx\nn\nc if the harbour is dredged\no\ns\n")
    run("code", "levy", "--coder", "otto", "--blind", "--as-coded-by", "mira", "--ledger", levies, stdin="o\ns\nn\nc the harbour is dredged\no\ns\n")
    told = json.loads(run("agreement", "--ledger", levies, "--format", "json").out)
    assert (told["machines"], told["notes"]) == (["positions-0.0.1"], [])
    figures = {(*f["coders"], f["what"], f["measure"]): f for f in told["figures"]}
    both = figures["mira", "otto", "stance", "alpha nominal"]
    assert (both["units"], both["coders"], both["issue"]) == (6, ["mira", "otto"], "levy")
    assert 0.7 < both["value"] < 1
    assert figures["otto", "machine", "stance", "kappa"]["value"] == 1
    assert figures["mira", "otto", "stance", "alpha ordinal"]["value"] == 1
    assert 0.9 < figures["mira", "otto", "condition", "alpha unitised"]["value"] < 1
    table = run("agreement", "--ledger", levies).out
    assert re.search(r"levy +mira, otto +stance +alpha nominal +0\.\d{3} +-?\d\.\d\d to 1\.00 +6", table)
    assert "machine: positions-0.0.1" in table
    only = json.loads(run("agreement", "--ledger", levies, "--coder", "otto", "--issue", ISSUE.id, "--format", "json").out)["figures"]
    assert {tuple(f["coders"]) for f in only} == {("otto", "machine")}


def test_agreement_of_a_file_is_that_of_the_published_example(run: Run, tmp_path: Path) -> None:
    rows = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."]
    lines = [f"{unit},{coder},{v}" for coder, row in zip("ABCD", rows, strict=True) for unit, v in enumerate(row.split()) if v != "."]
    path = tmp_path / "published.csv"
    path.write_text("unit,coder,value\n" + "\n".join(lines), encoding="utf-8")
    told = json.loads(run("agreement", path, "--draws", "0", "--format", "json").out)["figures"]
    every = {f["measure"]: f["value"] for f in told if f["coders"] == ["A", "B", "C", "D"]}
    assert {m: round(v, 3) for m, v in every.items()} == {"alpha nominal": 0.743, "alpha ordinal": 0.815, "alpha interval": 0.849}
    table = run("agreement", path, "--draws", "0").out
    assert re.search(r"A, B, C, D +value +alpha nominal +0\.743 +11", table)


def test_an_order_makes_a_scale(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("unit,coder,value\n1,a,no\n1,b,partly\n2,a,yes\n2,b,yes\n3,a,no\n3,b,no\n", encoding="utf-8")
    told = json.loads(run("agreement", path, "--order", "no,partly,yes", "--format", "json").out)["figures"]
    assert [f["measure"] for f in told] == ["alpha nominal", "kappa", "alpha ordinal"]
    refused = run("agreement", path, "--order", "no,yes")
    assert (refused.code, refused.said) == (2, ["onrecord: not in the order: partly (the order is no, yes)"])


@pytest.mark.parametrize("columns", [80, 200])
def test_one_coder_alone_has_no_agreement(columns: int, run: Run, levies: Path, tmp_path: Path) -> None:
    done = run("agreement", "--ledger", levies, columns=columns)
    assert (done.code, len(done.said)) == (2, 1)
    assert "there are not two coders to compare" in done.said[0]
    path = tmp_path / "c.csv"
    path.write_text("unit,coder,value\n1,a,no\n", encoding="utf-8")
    assert run("agreement", path).code == 2
