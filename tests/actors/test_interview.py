"""Who "I" and "you" are in an interview."""

import re

from onrecord.actors.actor import ActorType
from onrecord.actors.entities import Entity
from onrecord.actors.interview import Interview, find_interview
from onrecord.text import Span


def interview(text: str, *people: str) -> Interview | None:
    entities = []
    for number, person in enumerate(people):
        spans = [Span.of(text, m.start(), m.end()) for m in re.finditer(person, text)]
        entities.append(Entity(number, ActorType.PERSON, person, spans[0], spans))
    return find_interview(text, [(m.start(), m.end()) for m in re.finditer(r"[^\n]*\S", text)], entities, [])


TEXT = """Interview with Jonas Brandt

Jonas Brandt runs the harbour. Lena Marsh interviewed him.

When did you hear of it?

I believe it was in May.

Tell me about your boat.

I have had her for years, and I still like to take her out when the weather is good enough for it."""


def test_first_person_in_answers_second_in_questions() -> None:
    found = interview(TEXT, "Jonas Brandt")
    assert found is not None
    at = found.who(TEXT.index("I believe"), first_person=True)
    assert at is not None
    assert at[0] == 0
    asked = found.who(TEXT.index("you hear"), first_person=False)
    assert asked is not None
    assert asked[0] == 0
    assert found.who(TEXT.index("me about"), first_person=True) is None


def test_a_label_goes_before_the_alternation() -> None:
    text = "Talk\n\nBrandt: I left early. Did I?\n\nMarsh: I did not.\n\nBrandt: Were you there?\n\nMarsh: I was."
    found = interview(text, "Brandt", "Marsh")
    assert found is not None
    who = found.who(text.rindex("I was"), first_person=True)
    assert who is not None
    assert who[0] == 1


def test_news_is_no_interview() -> None:
    assert interview('Jonas Brandt said he left. "Why?" she asked. I think so.', "Jonas Brandt") is None


def test_two_in_the_introduction_and_nobody_sticks_out() -> None:
    text = "Ten questions\n\nJonas Brandt and Lena Marsh.\n\nWhen did you go?\n\nI went in May.\n\nWhy did you?\n\nI had to.\n\nWould you again?\n\nI would."
    found = interview(text, "Jonas Brandt", "Lena Marsh")
    assert found is not None
    assert found.answers is None
