"""The words around a statement in lists."""

from types import SimpleNamespace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from onrecord.ledger import Hit
from onrecord.ledger.hits import CONTEXT
from onrecord.web.around import around


def _hit(before: str, after: str) -> Hit:
    return cast("Hit", SimpleNamespace(before=before, after=after))


def test_the_paragraph_alone() -> None:
    assert around(_hit("A caption\n\nOn Monday", ", she said.\n \nBy Ines Calloway"), 100) == ("On Monday", ", she said.")


def test_cut_between_words() -> None:
    before, after = around(_hit("x" * 3 + " words" * 40, " words" * 40), 30)
    assert before == "…words words words words words"[-len(before) :]
    assert before.startswith("…words")
    assert after.endswith("words…")


def test_what_the_ledger_cut_is_told() -> None:
    hit = _hit(("letters and more of them " * 20)[-CONTEXT:], "")
    assert around(hit, 500)[0].startswith("…")


@given(st.text(alphabet="ab \n", max_size=CONTEXT), st.text(alphabet="ab \n", max_size=CONTEXT), st.integers(5, 200))
def test_nothing_is_made_up(before: str, after: str, most: int) -> None:
    left, right = around(_hit(before, after), most)
    assert " ".join(before.split()).endswith(left.removeprefix("…"))
    assert " ".join(after.split()).startswith(right.removesuffix("…"))
    assert max(len(left), len(right)) <= max(most + 1, CONTEXT + 1)
