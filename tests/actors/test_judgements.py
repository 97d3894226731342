import json
import random
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.actors.judgements import Identity, Judgement, JudgementFile, Revocation, Ruling, dumps, loads
from onrecord.errors import UsageError

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)


def same(left: str, right: str, minute: int = 0, verdict: str = "same") -> Judgement:
    return Judgement(left, right, Ruling(verdict), by="mira", on=NOON + timedelta(minutes=minute))


def apart(left: str, right: str, minute: int = 0) -> Judgement:
    return same(left, right, minute, "different")


def undo(entry: Judgement | Revocation, minute: int = 0) -> Revocation:
    return Revocation(entry.id, by="mira", on=NOON + timedelta(minutes=minute))


def test_same_joins_and_the_left_one_names_it() -> None:
    view = Identity([same("a", "b"), same("c", "a", 1)])
    assert {view.canonical(x) for x in "abc"} == {"c"}
    assert view.members("b") == ("c", "a", "b")
    assert view.canonical("z") == "z"
    assert view.members("z") == ("z",)


def test_unsure_joins_nothing() -> None:
    view = Identity([same("a", "b", verdict="unsure")])
    assert view.canonical("b") == "b"
    assert len(view.judgements) == 1


def test_what_is_taken_back_no_longer_counts_and_may_come_back() -> None:
    judged = same("a", "b")
    back = undo(judged, 1)
    assert Identity([judged, back]).canonical("b") == "b"
    assert Identity([judged, back, undo(back, 2)]).canonical("b") == "a"
    assert not Identity([judged, back]).stands(judged.id)


@pytest.mark.parametrize("minute", [-5, 5])
def test_different_forbids_whether_it_is_older_or_newer(minute: int) -> None:
    keeps = apart("b", "a", minute)
    view = Identity([same("a", "b"), keeps])
    assert view.canonical("b") == "b"
    assert view.conflicts[0].different == keeps
    assert "is not followed" in str(view.conflicts[0])
    assert "undo one of the two" in str(view.conflicts[0])


def test_different_forbids_what_would_join_by_a_detour() -> None:
    chain = [same("a", "b"), same("c", "d", 1), apart("a", "d", 2)]
    view = Identity([*chain, same("b", "c", 3)])
    assert view.canonical("c") == "c"
    assert [c.same for c in view.conflicts] == [same("b", "c", 3)]
    assert view.forbids("b", "c") == chain[2]
    assert Identity([*chain, same("b", "c", 3), undo(chain[2], 4)]).members("d") == ("a", "b", "c", "d")


moments = st.integers(0, 5)
entries = st.lists(st.builds(same, st.sampled_from("abcd"), st.sampled_from("efgh"), moments, st.sampled_from(["same", "different", "unsure"])), max_size=12)


@given(entries, st.randoms())
def test_the_order_of_the_lines_makes_no_difference_nor_does_doubling(judged: list[Judgement], dice: random.Random) -> None:
    lines = [*judged, *(undo(j, 9) for j in judged[::3])]
    mixed = [*lines, *lines[:2]]
    dice.shuffle(mixed)
    one, other = Identity(lines), Identity(mixed)
    assert [one.members(x) for x in "abcdefgh"] == [other.members(x) for x in "abcdefgh"]
    assert one.conflicts == other.conflicts


@given(entries)
def test_no_two_that_are_kept_apart_are_one(judged: list[Judgement]) -> None:
    view = Identity(judged)
    assert all(view.canonical(j.left) != view.canonical(j.right) for j in judged if j.verdict is Ruling.DIFFERENT)
    followed = {j for j in judged if j.verdict is Ruling.SAME} - {c.same for c in view.conflicts}
    assert all(view.canonical(j.left) == view.canonical(j.right) for j in followed)


@given(entries)
def test_lines_give_the_entries_back(judged: list[Judgement]) -> None:
    lines = [*judged, *(undo(j) for j in judged)]
    log = loads(dumps(lines))
    assert log.entries == tuple(lines)
    assert [e.id for e in log.entries] == [e.id for e in lines]


def test_ids_know_no_left_and_right_and_no_time_zone() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5)))
    assert Judgement("a", "b", Ruling.SAME, by="m", on=NOON).id == Judgement("b", "a", Ruling.SAME, by="m", on=elsewhere).id


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: same("a", "a"), "two actors"),
        (lambda: Judgement("a", "b", Ruling.SAME, by=" ", on=NOON), "somebody who made it"),
        (lambda: Judgement("a", "b", Ruling.SAME, by="m", on=NOON.replace(tzinfo=None)), "without a time zone"),
        (lambda: Revocation("j1:x", by="", on=NOON), "somebody who made it"),
    ],
)
def test_what_could_not_be_acted_on_is_refused(make, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make()


def test_a_file(tmp_path: Path) -> None:
    file = JudgementFile(tmp_path / "new" / "judgements.jsonl")
    assert file.read().entries == ()
    file.append(same("a", "b"))
    file.append(undo(same("a", "b"), 1), apart("a", "b", 2))
    assert file.read().entries == (same("a", "b"), undo(same("a", "b"), 1), apart("a", "b", 2))
    assert file.read().notes == ()


def test_a_line_cut_off_anywhere_is_said_and_costs_nothing_else(tmp_path: Path) -> None:
    whole = dumps([same("a", "b")])
    last = dumps([Judgement("c", "d", Ruling.SAME, by="Žofia", on=NOON, note="日本")]).encode()
    for cut in range(1, len(last)):
        path = tmp_path / f"{cut}.jsonl"
        path.write_bytes(whole.encode() + last[:cut])
        file = JudgementFile(path)
        before = file.read()
        complete = cut == len(last) - 1
        assert len(before.entries) == 1 + complete
        assert len(before.notes) == (not complete)
        file.append(apart("e", "f"))
        after = file.read()
        assert after.entries == (*before.entries, apart("e", "f"))
        assert len(after.notes) == (not complete)
        assert path.read_bytes().startswith(whole.encode() + last[:cut])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: row | {"right": "c"}, "line 1: its id is not the id of what it says"),
        (lambda row: row | {"verdict": "maybe"}, "line 1: not a judgement"),
        (lambda row: row | {"by": 5}, "line 1: a field that should be a text is not one"),
        (lambda row: row | {"on": "noon"}, "line 1: not a judgement"),
        (lambda _: [], "line 1: not a judgement"),
    ],
)
def test_a_line_that_is_no_entry_is_an_error(change, said: str) -> None:
    row = change(json.loads(dumps([same("a", "b")])))
    with pytest.raises(UsageError, match="entries are not to be edited") as error:
        loads(json.dumps(row) + "\n" + dumps([same("a", "b")]))
    assert said in str(error.value)


def test_a_hand_written_line_needs_no_id() -> None:
    row = json.loads(dumps([same("a", "b")]))
    del row["id"]
    assert loads(json.dumps(row) + "\n").entries == (same("a", "b"),)


def test_a_file_that_cannot_be_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        JudgementFile(tmp_path).read()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        JudgementFile(tmp_path / "file" / "j.jsonl").append(same("a", "b"))
