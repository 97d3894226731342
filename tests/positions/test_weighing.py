"""What tells where a statement stands, beside the network: the words of an issue, the act, other issues that are nearer."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import ModelError
from onrecord.models import Weights, find_model
from onrecord.positions import Act, Issue
from onrecord.positions.coder import Coder
from onrecord.positions.weighing import AGAINST, BEARS, FOR, KIND, SIDE, WEIGHING_VERSION, Acts, Heard, hear, numbers, weigh

LEVY = Issue("levy", "Levy on cruise ships", ("berth charge",), "charging the ships", "letting them in free")
ARMS = Issue("arms", "Arms for the valley", ("weapons deliveries",))
FERRY = Issue("ferry", "Night ferry to the island", ("late boat",), "running a ferry at night", "stopping it at dusk")
WEIGHTS = Weights(
    WEIGHING_VERSION,
    bears=(-0.4, 0.4, 2.5, 1.6, 0.9, 1.4, -1.0),
    conditional=(0.5, 0.0, 0.0, 3.0, -0.4, 0.3, -0.3, -0.2, -2.0),
    neutral=(0.0, 0.4, 0.3, 0.3, -0.4, 0.1, -0.5, -0.2, 0.5),
    side=(0.3, 0.3, -0.7, -0.7, 0.6, 0.1, 0.3),
)


@pytest.fixture(scope="module")
def coder():
    return Coder.load()


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("rejected: the berth charge", True),
        ("said: the levy would ruin the town", True),
        ("opposed the levy on cruise ships: it would cost jobs", True),
        ("said: levies were for kings", True),
        ("said: the ships would go elsewhere", False),
        ("said: a charge of cowardice was unjust", False),
        ("", False),
    ],
)
def test_an_issue_is_named_by_any_of_its_names_and_by_what_its_label_is_of(said, named):
    assert hear(LEVY, said, "").named is named


def test_a_word_of_the_same_stem_is_not_the_name():
    assert hear(ARMS, "said: the arms must come", "").named
    assert hear(ARMS, "said: one arm was enough", "").named
    assert not hear(ARMS, "said: armed men stood at the gate", "").named


@pytest.mark.parametrize("label", ["Deal with the lenders", "Nuclear talks in Vienna", "Departure of Ludmila Sorev", "Peace with Merrow", "11 September"])
def test_a_label_of_a_common_word_or_of_a_name_is_not_shortened(label):
    words = label.split()
    heard = [hear(Issue("x", label), f"said: {word} came up", "").named for word in words if word[0].islower() and word not in ("with", "in", "of")]
    assert not any(heard[1:])


def test_what_leads_to_a_statement_is_told_from_what_it_says():
    assert hear(LEVY, "said: it will ruin us", "Nobody asked the baker. She spoke of the berth charge, and").led_to
    assert not hear(LEVY, "said: it will ruin us", "The berth charge came up first. Then the baker spoke, and").led_to
    assert not hear(LEVY, "said: the levy will ruin us", "She spoke of the berth charge, and").led_to


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("demanded: an end to the levy", True),
        ("called for: the council to scrap the berth charge", True),
        ("accused: the mayor of blocking the levy", True),
        ("demanded: the levy", False),
        ("said: he would not stop before the levy was refused", False),
        ("said: nobody will end it; the levy stays", False),
    ],
)
def test_a_word_of_ending_or_hindering_before_an_issue_turns_an_act_around(said, turned):
    assert hear(LEVY, said, "").turned is turned


def test_such_a_word_behind_its_name_is_heard_too():
    assert hear(LEVY, "said: the levy must end", "").ended
    assert hear(LEVY, "demanded: that the berth charge stay off the books", "").ended
    assert not hear(LEVY, "demanded: an end to the levy", "").ended
    assert not hear(LEVY, "said: the levy stays", "").ended


def test_what_is_done_to_the_issue_itself_is_told_from_what_is_done_besides():
    assert hear(LEVY, "rejected: the berth charge", "").direct
    assert not hear(LEVY, "rejected: what the mayor had said of the berth charge", "").direct
    assert not hear(LEVY, "rejected: him; the berth charge stays", "").direct


def test_words_of_the_sides_of_an_issue_count_for_theirs():
    assert (hear(FERRY, "said: boats should be running late", "").words, hear(FERRY, "said: boats should be running late", "").worded) == (1, 1)
    assert hear(FERRY, "said: home by dusk", "").worded == -1
    # A word of a side says its side, and turns nothing around.
    assert hear(FERRY, "said: stop at dusk", "").worded == -2
    assert hear(FERRY, "said: we are against running it", "").worded == -1
    assert hear(FERRY, "said: running, running, running, running", "") == Heard(words=2, worded=2)


def test_a_condition_is_heard():
    assert hear(LEVY, "said: only if the harbour is dredged", "").condition
    assert not hear(LEVY, "said: the harbour is dredged", "").condition


@given(st.text(max_size=300), st.text(max_size=200))
def test_any_words_are_heard(said, before):
    heard = hear(LEVY, said, before)
    assert not (heard.named and heard.led_to)
    assert abs(heard.worded) <= heard.words <= 2


def test_no_act_goes_with_both_sides():
    assert not set(FOR) & set(AGAINST)
    assert Act.ASSERT not in (*FOR, *AGAINST)


def given_one(act, *, near=0.05, rival=-np.inf, heard=None):
    labels = [str(a) for a in Act]
    acts = np.full((1, len(labels)), 0.01, dtype=np.float32)
    acts[0, labels.index(act)] = 1 - 0.01 * (len(labels) - 1)
    logits = np.array([[0.0, 1.0, 1.0, -1.0, 0.0]], dtype=np.float32)
    asked = numbers(logits, Acts(acts, labels), np.array([near], dtype=np.float32), np.array([rival], dtype=np.float32), [heard or Heard(named=True)])
    assert [x.shape for x in asked] == [(1, len(BEARS)), (1, len(KIND)), (1, len(SIDE))]
    return weigh(WEIGHTS, *asked)[0]


def test_who_rejects_an_issue_is_not_who_demands_it():
    _, for_, against, _, _ = given_one(Act.DEMAND)
    assert for_ > 2 * against
    _, for_, against, _, _ = given_one(Act.REJECT)
    assert against > for_
    _, for_, against, _, _ = given_one(Act.DEMAND, heard=Heard(named=True, turned=True))
    assert against > for_
    assert given_one(Act.REJECT, heard=Heard(named=True, direct=True))[2] > given_one(Act.REJECT)[2]
    assert given_one(Act.DEMAND, heard=Heard(named=True, ended=True))[1] < given_one(Act.DEMAND)[1]


def test_what_is_near_and_named_bears_on_an_issue_and_less_if_another_is_nearer():
    on = 1 - given_one(Act.ASSERT)[0]
    assert 1 - given_one(Act.ASSERT, heard=Heard())[0] < on
    assert 1 - given_one(Act.ASSERT, near=-0.1)[0] < on
    assert 1 - given_one(Act.ASSERT, rival=0.1)[0] < on
    # One that is further off says nothing.
    assert 1 - given_one(Act.ASSERT, rival=0.01)[0] == on


@given(st.lists(st.tuples(*[st.floats(-30, 30)] * 5), min_size=1, max_size=5), st.floats(-1, 1), st.sampled_from(list(Act)))
def test_probabilities_add_up_whatever_the_network_says(logits, near, act):
    labels = [str(a) for a in Act]
    n = len(logits)
    acts = np.zeros((n, len(labels)), dtype=np.float32)
    acts[:, labels.index(act)] = 1
    asked = numbers(np.array(logits, dtype=np.float32), Acts(acts, labels), np.full(n, near, np.float32), np.full(n, -np.inf, np.float32), [Heard()] * n)
    told = weigh(WEIGHTS, *asked)
    assert told.shape == (n, 5)
    assert (told >= 0).all()
    np.testing.assert_allclose(told.sum(axis=1), 1, atol=1e-5)


def test_rivals_are_other_issues_of_the_same_statement(coder):
    row = (FERRY, "said: the levy on cruise ships is theft", "")
    alone, beside = coder.stances([row]), coder.stances([row], rivals=[FERRY, LEVY])
    assert beside[0, 0] > alone[0, 0]
    np.testing.assert_array_equal(alone, coder.stances([row], rivals=[FERRY]))
    assert coder.stances([], rivals=[LEVY]).shape == (0, 5)


def test_known_acts_are_not_computed_again(coder, monkeypatch):
    row = (LEVY, "rejected: the berth charge", "The baker spoke.")
    acts, _ = coder.alone([row[1:]])
    asked, alone = [], coder.alone
    monkeypatch.setattr(coder, "alone", lambda rows: asked.append(list(rows)) or alone(rows))
    known = coder.stances([row], acts=acts)
    assert asked[0] == [(row[1], "")]
    np.testing.assert_allclose(known, coder.stances([row]), atol=1e-5)


def folder_with(tmp_path, change):
    for file in find_model(family="positions").iterdir():
        (tmp_path / file.name).symlink_to(file)
    data = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").unlink()
    change(data)
    (tmp_path / "manifest.json").write_text(json.dumps(data), encoding="utf-8")
    return tmp_path


def test_a_model_without_weights_gives_the_probabilities_of_its_network(coder, tmp_path):
    plain = Coder.load(folder_with(tmp_path, lambda data: data.pop("weighing")))
    row = (LEVY, "rejected: the berth charge", "")
    logits = plain.logits([row])[0] / plain.manifest.stance_temperature + np.array(plain.manifest.stance_shift)
    np.testing.assert_allclose(plain.stances([row])[0], np.exp(logits) / np.exp(logits).sum(), atol=1e-5)
    assert np.abs(plain.stances([row]) - coder.stances([row])).max() > 0.01


@pytest.mark.parametrize(
    "change",
    [lambda data: data["weighing"].update(version="weighing.v0"), lambda data: data["weighing"]["side"].pop(), lambda data: data["weighing"].pop("bears")],
)
def test_weights_of_other_numbers_are_refused(tmp_path, change):
    with pytest.raises(ModelError):
        Coder.load(folder_with(tmp_path, change))
