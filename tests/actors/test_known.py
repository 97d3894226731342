"""What a roster settles, and what it leaves open."""

from datetime import date

from onrecord.actors import ActorType, MentionForm, Speaker, Voice
from onrecord.actors.known import recognise
from onrecord.actors.roster import Roster
from onrecord.text import Span

ROSTER = Roster.from_yaml("""
- name: John Hale
  type: person
  country: GB
  aliases: [Jack Hale]
  roles:
    - {title: defence secretary, start: "2024-07", end: "2026-12"}
- name: Mary Hale
  type: person
  country: GB
""")


def speaker(name: str, **known: object) -> Voice:
    text = f"the {name} said"
    return Voice(Speaker("a1:0", name, ActorType.PERSON, Span.of(text, 4, 4 + len(name)), MentionForm.NAME, 1.0, **known))  # type: ignore[arg-type]


def test_one_that_fits_gives_id_and_name() -> None:
    made = recognise(speaker("Jack Hale"), ROSTER, on=date(2025, 3, 13)).speaker
    assert (made.name, made.id) == ("John Hale", ROSTER.actors[0].id)
    assert made.reasons[-1].text.startswith("roster:")


def test_two_that_fit_stay_open() -> None:
    made = recognise(speaker("Hale", country="GB"), ROSTER, on=date(2025, 3, 13)).speaker
    assert made.id == "a1:0"
    assert {c.name for c in made.candidates} == {"John Hale", "Mary Hale"}


def test_the_unnamed_are_never_merged() -> None:
    text = "John Hale"
    voice = Voice(Speaker("a1:0", text, ActorType.UNNAMED, Span.of(text, 0, 9), MentionForm.DESCRIPTION, 1.0))
    assert recognise(voice, ROSTER, on=None) is voice
