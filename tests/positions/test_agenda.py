"""The agenda: what a user writes, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.positions import Agenda, Issue

FERRY = """
issues:
  - {id: night-ferry, label: Ferry at night, aliases: [late boat], for: running it, against: stopping it}
  - {id: toll, label: Toll on the bridge}
"""


def test_yaml_comes_in_and_goes_out_as_it_was():
    agenda = Agenda.from_yaml(FERRY)
    assert [i.id for i in agenda] == ["night-ferry", "toll"]
    assert agenda.get("night-ferry").text == "Ferry at night; late boat. For: running it. Against: stopping it"
    assert Agenda.from_yaml(agenda.to_yaml()) == agenda


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "one list named issues"),
        ("issues: 3", "one list named issues"),
        ("issues: []\nmore: 1", "one list named issues"),
        ("issues: [", "no YAML, line"),
        ("issues: [{id: a}]", "needs id and label"),
        ("issues: [{id: A b, label: x}]", "only a-z"),
        ("issues: [{id: 2, label: x}]", "are words"),
        ("issues: [{id: a, label: x, stance: y}]", "unknown keys: stance"),
        ("issues: [{id: a, label: x}, {id: a, label: y}]", "two issues have one id"),
        ("issues: [{id: a, label: ' '}]", "needs a label"),
        ("issues: [a]", "is a mapping"),
        ("issues: [{id: a, label: x, aliases: {b: c}}]", "are words"),
    ],
)
def test_what_is_no_agenda_is_one_clear_error(text, message):
    with pytest.raises(UsageError, match=message):
        Agenda.from_yaml(text)


def test_any_change_of_what_an_issue_says_is_another_digest_and_the_order_of_issues_is_none():
    one, other = Issue("a", "x"), Issue("b", "y")
    same = {Issue("a", "x").digest, Issue("a", "x", ("z",)).digest, Issue("a", "x", pro="z").digest, Issue("a", "x", contra="z").digest, Issue("b", "x").digest}
    assert len(same) == 5
    assert Agenda((one, other)).digest == Agenda((other, one)).digest


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(lambda t: t.strip() == t)


@given(st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=2, unique=True), st.none() | WORDS), max_size=4))
def test_every_agenda_survives_yaml(rows):
    agenda = Agenda(tuple(Issue(f"i{n}", label, tuple(aliases), pro) for n, (label, aliases, pro) in enumerate(rows)))
    assert Agenda.from_yaml(agenda.to_yaml()) == agenda
