"""The machine that codes, with the very model of the package."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord
from onrecord.errors import ModelError
from onrecord.models import find_model
from onrecord.positions import PLOVER, Act, Agenda, Issue, Stance
from onrecord.positions.coder import Coder
from onrecord.positions.inputs import BEFORE, ISSUE, SAID, encode

TRUCE = Issue("truce", "Ceasefire on the river", ("truce",), "accepting it", "refusing it")
STORY = """Truce on the river in doubt

DORVAN, March 3 (Halyard) - "We will sign the truce only if the prisoners come home first," the foreign minister, Lena Orsk, said on Monday.

General Piet Karsk rejected the truce. "There will be no ceasefire on the river," he told reporters.

The ministry demanded that the rebels give back the ferry.
"""


@pytest.fixture(scope="module")
def coder():
    return Coder.load()


def test_probabilities_are_those_of_each_label_and_do_not_hang_on_the_batch(coder):
    rows = [
        (TRUCE, "said: we accept the truce", ""),
        (TRUCE, "rejected: the truce", "The council met for nine hours and heard everybody who had come."),
        (TRUCE, "it rained", ""),
    ]
    together = coder.stances(rows)
    assert together.shape == (3, 5)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    alone = np.concatenate([coder.stances([row]) for row in rows])
    # 8-bit activations are scaled by the batch: last decimals differ.
    np.testing.assert_allclose(together, alone, atol=0.12)


def test_what_is_said_twice_is_computed_once_and_gives_the_same(coder, monkeypatch):
    rows = [
        ("said: we accept the truce", "It rained."),
        ("rejected: the truce", ""),
        ("said: we accept the truce", "It rained."),
        ("said: we accept the truce", ""),
    ]
    one, two = coder.alone([rows[0], rows[1], rows[3]])
    read, run = [], coder._session.run
    monkeypatch.setattr(coder._session, "run", lambda inputs, outputs: read.append(len(inputs["ids"])) or run(inputs, outputs))
    acts, vectors = coder.alone(rows)
    assert sum(read) == 3
    np.testing.assert_array_equal(acts, one[[0, 1, 0, 2]])
    np.testing.assert_array_equal(vectors, two[[0, 1, 0, 2]])
    assert coder.stances([]).shape == (0, 5)


def test_vectors_are_of_length_one_and_near_for_what_is_alike(coder):
    vectors = coder.vectors(["The ceasefire must hold.", "The truce has to last.", "Add two carrots to the soup."])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@settings(max_examples=20)
@given(st.text(max_size=400), st.text(max_size=300))
def test_any_text_can_be_coded(said, before):
    coder = Coder.load()
    assert np.isfinite(coder.stances([(TRUCE, said, before)])).all()
    assert coder.acts([(said, before)])[0] in set(Act)


def test_inputs_are_cut_to_what_the_model_reads(coder):
    ids, kinds = encode(coder._pieces, [("issue " * 500, "said " * 500, "before " * 500)])[0]
    assert len(ids) == len(kinds) == 1 + ISSUE + 1 + SAID + 1 + BEFORE + 1
    assert kinds.tolist() == [0] * (ISSUE + 2) + [1] * (SAID + BEFORE + 2)


def test_a_reading_has_acts_and_with_an_agenda_positions_whose_spans_hold(tmp_path):
    plain = onrecord.read(STORY)
    assert all(e.act and e.act.coder.startswith("positions-") and 0 <= e.act.score <= 1 for e in plain.entries)
    assert not any(e.positions for e in plain.entries)
    record = onrecord.read(STORY, agenda=Agenda((TRUCE,)))
    found = [p for e in record.entries for p in e.positions]
    assert found, "three statements on the truce, and none taken for one"
    for p in found:
        p.check(record.article.revision.text)
        assert p.issue == "truce"
        assert p.stance in set(Stance)
    path = tmp_path / "agenda.yaml"
    path.write_text(Agenda((TRUCE,)).to_yaml(), encoding="utf-8")
    assert onrecord.read(STORY, agenda=path).entries == record.entries
    assert {"act", "act_score", "act_coder", "plover", "positions"} <= record.entries[0].to_json().keys()


def test_every_act_has_an_event_of_plover():
    assert set(PLOVER) == set(Act)


@pytest.mark.parametrize(
    ("change", "message"), [({"inputs_version": "positions.v0"}, "expects positions.v0"), ({"stances": ["none"]}, "do not fit"), ({"format": 9}, "format 9")]
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path, change, message):
    folder = find_model(family="positions")
    for file in folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "manifest.json").write_text(json.dumps(data | change), encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        Coder.load(tmp_path)
