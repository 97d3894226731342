from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.actors.actor import ActorType
from onrecord.actors.roster import KnownActor, RoleHeld, Roster, actor_id
from onrecord.errors import UsageError

EXAMPLE = Path(__file__).parents[2] / "examples" / "roster.yaml"
SPRING = date(2026, 3, 12)
YAML = """
- name: Ada Brandt
  type: person
  aliases: [Ada Brandt-Moor, Brandt of the Mill]
  roles:
    - {title: defence secretary, start: 2020-01-01, end: 2024-07-04, organization: Ministry of Defence}
  country: NO
- name: Ivo Brandt
  type: person
  roles:
    - {title: defence secretary, start: 2024-07-05}
  country: NO
- name: Ivo Keel
  type: person
  country: SE
- name: Ivo Keel
  type: person
  country: NO
- name: World Health Organization
  type: organization
  wikidata: Q7817
"""


@pytest.fixture
def roster() -> Roster:
    return Roster.from_yaml(YAML)


def named(roster: Roster, name: str | None, **told) -> str | None:
    actor = roster.resolve(name, **told).actor
    return actor and f"{actor.name} {actor.country or ''}".strip()


def test_a_full_name_is_enough(roster: Roster) -> None:
    assert named(roster, "Ada Brandt") == "Ada Brandt NO"
    assert named(roster, "Ms Ada Brandt MP", type=ActorType.PERSON) == "Ada Brandt NO"
    assert named(roster, "WHO") == "World Health Organization"
    assert named(roster, "Brandt of the Mill") == "Ada Brandt NO"


def test_a_part_of_a_name_needs_support(roster: Roster) -> None:
    assert roster.resolve("Brandt").verdict == "ambiguous"
    assert {c.actor.name for c in roster.resolve("Brandt").candidates} == {"Ada Brandt", "Ivo Brandt"}
    assert roster.resolve("Brandt", country="NO").verdict == "ambiguous"
    assert named(roster, "Brandt", role="Defence Secretary", on=SPRING) == "Ivo Brandt NO"
    assert named(roster, "Brandt", role="Defense Secretary", on=date(2021, 1, 1)) == "Ada Brandt NO"


def test_namesakes_are_told_apart_by_country_or_not_at_all(roster: Roster) -> None:
    answer = roster.resolve("Ivo Keel")
    assert answer.actor is None
    assert answer.verdict == "ambiguous"
    assert answer.reason == "2 fit: Ivo Keel, Ivo Keel"
    assert named(roster, "Ivo Keel", country="SE") == "Ivo Keel SE"


def test_what_contradicts_is_shown_and_not_chosen(roster: Roster) -> None:
    answer = roster.resolve("Ada Brandt", country="DE")
    assert answer.verdict == "unknown"
    assert answer.candidates[0].reasons == ("name: the same name", "country: NO, not DE")
    assert roster.resolve("Ada Brandt", type=ActorType.ORGANIZATION).candidates == ()


def test_a_former_office_does_not_speak_against_a_full_name(roster: Roster) -> None:
    assert named(roster, "Ada Brandt", role="defence secretary", on=SPRING) == "Ada Brandt NO"


def test_an_office_alone(roster: Roster) -> None:
    asked = {"role": "Defence Secretary", "country": "NO"}
    assert named(roster, None, on=SPRING, **asked) == "Ivo Brandt NO"
    assert named(roster, None, on=date(2024, 7, 4), **asked) == "Ada Brandt NO"
    assert named(roster, None, on=date(2024, 7, 5), **asked) == "Ivo Brandt NO"
    assert named(roster, None, on=date(2019, 12, 31), **asked) is None
    assert named(roster, None, on=SPRING, role="deputy defence secretary", country="NO") is None
    # Without whose, or without a day, it is nobody's.
    assert named(roster, None, on=SPRING, role="defence secretary") is None
    assert roster.resolve(None, **asked).verdict == "ambiguous"


@pytest.mark.parametrize(
    ("start", "end", "on", "covers"),
    [
        (None, None, "2025-03-13", True),
        ("2024", None, "2025-03-13", True),
        ("2025", None, "2025-03-13", None),
        ("2025-03", None, "2025-03-13", None),
        ("2025-03-13", "2025-03-13", "2025-03-13", True),
        ("2025-03-13~", None, "2025-03-13", None),
        ("2024~", "2026~", "2025-03-13", True),
        ("2024", "2025-03-12", "2025-03-13", False),
        ("2026", None, "2025-03-13", False),
        ("..", "2025", "2025-03-13", None),
    ],
)
def test_dates_of_an_office(start: str | None, end: str | None, on: str, covers) -> None:
    assert RoleHeld("mayor", start, end).covers(date.fromisoformat(on)) is covers


def test_the_example() -> None:
    roster = Roster.from_yaml(EXAMPLE.read_text(encoding="utf-8"), source=str(EXAMPLE))
    assert named(roster, "Tom Quillan MP") == "Tom Quillan XA"
    assert named(roster, None, role="Defence Secretary", country="XA", on=SPRING) == "Tom Quillan XA"
    assert named(roster, "Admiral Miro Kastell") == "Miro Kastell XV"
    assert named(roster, "Sorev", country="XV") == "Ludmila Sorev XV"
    assert named(roster, "Dorvan") == "Vaskia XV"
    assert named(roster, "Coyle", country="XA") is None
    assert named(roster, "Coyle", organization="the fishermen's union") == "Brenna Coyle XA"


def test_ids_do_not_hang_on_case_and_tell_namesakes_apart() -> None:
    assert actor_id(ActorType.PERSON, "Ivo  Keel") == actor_id(ActorType.PERSON, "IVO KEEL")
    assert len({actor_id(ActorType.PERSON, "Ivo Keel", country=c) for c in ("SE", "NO", None)}) == 3
    # Pinned: ids are kept by users, and stay what they are.
    assert actor_id(ActorType.PERSON, "Ivo Keel", wikidata="Q1", country="NO") == actor_id(ActorType.PERSON, "Ivo Keel", wikidata="Q1")
    assert actor_id(ActorType.PERSON, "Ivo Keel") == "a1:0faef27563794737c22a"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- name: A\n  type: person\n- name: B\n  type: persn\n", "r.yaml: line 4: field 'type' holds 'persn' (write one of person, organization"),
        ("- name: A\n", "r.yaml: line 1: an actor without a type (write one of"),
        ("- type: person\n", "line 1: an actor without a name"),
        ("- name: A\n  type: person\n  country: Norway\n", "line 3: field 'country' holds 'Norway' (write two capital letters"),
        ("- name: A\n  type: person\n  wikidata: 42\n", "line 3: field 'wikidata' holds '42' (write a Wikidata id, such as Q42)"),
        ("- name: A\n  type: person\n  nmae: B\n", "line 3: unknown field 'nmae' (an actor has id, name"),
        ("- name: A\n  type: person\n  aliases: B\n", "line 3: field 'aliases' is a list"),
        ("- name: [A]\n  type: person\n", "line 1: field 'name' is one value"),
        ("- name: A\n  type: person\n  roles:\n    - title: x\n      start: May 2024\n", "line 5: field 'start' holds 'May 2024' (write a date such as"),
        ("- name: A\n  type: person\n  roles:\n    - start: 2024\n", "line 4: a role without a title"),
        ("- A\n", "line 1: an actor is fields with values"),
        ("- name: A\n  type: person\n- name: a\n  type: person\n", "line 3: 'a' is the actor of line 1 (join them, or tell them apart"),
        ("- name: A\n  type: person\n  parent: B\n", "line 1: field 'parent' holds 'B', which is not in the roster"),
        ("- name: 'A\n", "not YAML"),
        ("name: A\ntype: person\n", "line 1: field 'actors' is a list"),
    ],
)
def test_errors_in_yaml_name_line_and_field(text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        Roster.from_yaml(text, source="r.yaml")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nA\n", "line 1: no column type"),
        ("name,type\nA,person\nB,persn\n", "line 3: field 'type' holds 'persn'"),
        ('name,type,aliases\n"A\nA",person\nB,x\n', "line 4: field 'type' holds 'x'"),
        ("name,type\nA,person,x\n", "line 2: 3 cells under 2 columns"),
        ("name,type,roles\nA,person,a|b\n", "line 2: field 'start' holds 'b'"),
        ("name,type,roles\nA,person,a|2024|2025|c|d\n", "line 2: field 'roles' holds a role of 5 parts"),
        ('name,type\n"A"B,person\n', "line 2: not CSV"),
        ("name,type,shoe\nA,person,42\n", "line 2: unknown field 'shoe'"),
    ],
)
def test_errors_in_csv_name_line_and_field(text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        Roster.from_csv(text)
    assert said in str(error.value)


def test_csv_as_a_spreadsheet_gives_it() -> None:
    roster = Roster.from_csv("\ufefftype,name,aliases,roles\r\nperson,Ada,A. B.; Ad\\;a,mayor|2024||Town; editor\r\n,,,\r\n")
    assert roster.actors == (
        KnownActor(
            actor_id(ActorType.PERSON, "Ada"),
            "Ada",
            ActorType.PERSON,
            ("A. B.", "Ad;a"),
            (RoleHeld("mayor", "2024", None, "Town"), RoleHeld("editor")),
        ),
    )


def test_nothing_is_a_roster_too() -> None:
    for text in ("", "actors:\n", "# only a remark\n", "[]"):
        assert Roster.from_yaml(text).actors == ()
    with pytest.raises(UsageError, match="no column"):
        Roster.from_csv("")


def test_two_with_one_id_are_refused() -> None:
    actor = KnownActor("a1:" + "0" * 20, "A", ActorType.PERSON)
    with pytest.raises(UsageError, match="the same actor twice"):
        Roster([actor, replace(actor, name="B")])


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8) | st.sampled_from(
    ["null", "NO", "2024", "a;b", "c|d", "\\", "- x", "'", '"', "#"]
)
edtf = st.none() | st.sampled_from(["2024", "2024-07", "2024-07-05", "2024~", ".."])
roles = st.builds(RoleHeld, words, edtf, edtf, st.none() | words)
some = st.lists(words, max_size=3).map(tuple)
actors = st.builds(
    KnownActor,
    st.integers(0, 10**19).map(lambda n: f"a1:{n:020d}"),
    words,
    st.sampled_from([t for t in ActorType if t not in (ActorType.UNNAMED, ActorType.UNKNOWN)]),
    some,
    st.lists(roles, max_size=2).map(tuple),
    st.none() | words,
    st.none() | st.sampled_from(["NO", "XA"]),
    st.none() | st.just("Q42"),
)


@given(st.lists(actors, max_size=3, unique_by=lambda a: a.id))
def test_both_forms_give_the_roster_back(rows: list[KnownActor]) -> None:
    roster = Roster(rows)
    assert Roster.from_yaml(roster.to_yaml()) == roster
    assert Roster.from_csv(roster.to_csv()) == roster


@given(st.lists(actors, max_size=4, unique_by=lambda a: a.id), words, st.none() | st.just("NO"))
def test_an_answer_is_one_of_the_candidates_and_alone(rows: list[KnownActor], name: str, country: str | None) -> None:
    answer = Roster(rows).resolve(name, country=country, on=SPRING)
    assert (answer.actor is not None) == (answer.verdict == "resolved")
    if answer.actor is not None:
        assert answer.candidates[0].actor == answer.actor
        assert answer.actor.country in (None, country) or country is None
