from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import NotFoundError, UsageError
from onrecord.scoring.counts import PRF
from onrecord.scoring.floors import check, known, lower, packaged_floors, pin, read_floors, write_floors
from onrecord.scoring.measure import ArticleCounts, Score
from onrecord.scoring.signature import Maker

DAY, LATER = date(2025, 3, 14), date(2025, 4, 1)


def made(digest="d1", variant="plain", **matched):
    counts = {name: PRF(100, 100, n) for name, n in matched.items()}
    return Score("harbour", digest, variant, (ArticleCounts("a", "a", counts),), Maker("test 1"))


def values(floors):
    return {(f.digest, f.variant, f.measure): f.floor for f in floors}


def test_pinning_then_checking_is_clean_and_falling_is_seen():
    floors = pin(made(source=80, content=70), [], on=DAY)
    assert check(made(source=80, content=70), floors) == []
    (short,) = check(made(source=79, content=75), floors)
    assert (short.measure, short.reached, short.floor) == ("source", 0.79, 0.8)
    assert str(short) == "source: F1 79.000 is below the floor of 80.00"


@given(st.integers(0, 977), st.integers(1, 977))
def test_a_score_never_falls_short_of_its_own_floor(matched, gold):
    score = Score("h", "d", "plain", (ArticleCounts("a", "a", {"cue": PRF(gold, 977, min(matched, gold))}),), Maker())
    assert check(score, pin(score, [], on=DAY)) == []


def test_raising_is_free_and_lowering_takes_a_reason():
    floors = pin(made(source=80, content=70), [], on=DAY)
    floors = pin(made(source=82, content=70), floors, on=LATER)
    assert values(floors) == {("d1", "plain", "source"): 0.82, ("d1", "plain", "content"): 0.7}
    assert [f.pinned for f in floors] == ["2025-04-01", "2025-03-14"]
    with pytest.raises(UsageError, match="below its floors"):
        pin(made(source=90, content=69), floors, on=LATER)
    with pytest.raises(UsageError, match="takes a reason"):
        lower(made(source=90, content=69), floors, reason="  ", on=LATER)
    lowered = lower(made(source=90, content=69), floors, reason="gold of two articles corrected", on=LATER)
    assert values(lowered) == {("d1", "plain", "source"): 0.9, ("d1", "plain", "content"): 0.69}
    (step,) = lowered[1].lowered
    assert (step.before, step.after, step.reason, step.on) == (0.7, 0.69, "gold of two articles corrected", "2025-04-01")
    assert lowered[0].lowered == ()


def test_a_margin_leaves_room_and_never_lowers():
    floors = pin(made(cue=80), [], on=DAY, margin=0.005)
    assert values(floors) == {("d1", "plain", "cue"): 0.795}
    assert values(pin(made(cue=80), floors, on=LATER, margin=0.01)) == values(floors)


def test_corpora_and_variants_keep_apart():
    floors = pin(made(cue=80), [], on=DAY)
    floors = pin(made(cue=70, variant="single-quotes"), floors, on=DAY)
    floors = pin(made(cue=60, digest="d2"), floors, on=DAY)
    assert len(floors) == 3
    assert check(made(cue=65, digest="d2"), floors) == []
    assert len(known(made(cue=1), floors)) == len(check(made(cue=1), floors)) == 1


def test_an_unknown_corpus_says_what_to_do():
    floors = pin(made(cue=80), [], on=DAY)
    with pytest.raises(UsageError) as caught:
        check(made(cue=80, digest="d9"), floors, file="floors.json")
    assert "d9" in str(caught.value)
    assert "harbour d1 (plain)" in str(caught.value)
    assert "--pin" in str(caught.value)


def test_a_floor_for_a_measure_the_gold_lacks_is_an_error_not_a_pass():
    with pytest.raises(UsageError, match="floors for joined"):
        check(made(cue=80), pin(made(cue=80, joined=60), [], on=DAY))


def test_the_file_keeps_everything(tmp_path):
    path = tmp_path / "floors.json"
    floors = lower(made(content=69), pin(made(content=70), [], on=DAY), reason="why “not”", on=LATER)
    write_floors(path, floors)
    assert read_floors(path) == floors
    before = path.read_bytes()
    write_floors(path, read_floors(path))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["floors.json"]


GOOD = {"corpus": "h", "digest": "d", "variant": "plain", "measure": "cue", "floor": 0.5, "pinned": "2025-03-14", "signature": "h|"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "cannot be read"),
        ("[]", "not a file of floors"),
        ('{"format": 2, "floors": []}', "not a file of floors of format 1"),
        (json.dumps({"format": 1, "floors": [3]}), "entry 1 is damaged"),
        (json.dumps({"format": 1, "floors": [GOOD | {"floor": 80}]}), "from 0 to 1"),
        (json.dumps({"format": 1, "floors": [GOOD | {"measure": "joy"}]}), "no measure 'joy'; there are source"),
        (json.dumps({"format": 1, "floors": [GOOD, GOOD]}), "two floors for d plain cue"),
        (json.dumps({"format": 1, "floors": [GOOD | {"lowered": [{"from": 1}]}]}), "entry 1 is damaged"),
    ],
)
def test_damaged_files_are_named(tmp_path, text, part):
    path = tmp_path / "floors.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=part) as caught:
        read_floors(path)
    assert "floors.json" in str(caught.value)


def test_no_file_and_no_folder(tmp_path):
    with pytest.raises(NotFoundError):
        read_floors(tmp_path / "floors.json")
    with pytest.raises(UsageError, match="cannot be written"):
        write_floors(tmp_path / "none" / "floors.json", [])
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        write_floors(tmp_path / "folder", [])
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_the_floors_in_the_package_are_well_formed():
    assert isinstance(read_floors(packaged_floors()), list)
