"""Quotations. `pytest tests/statements/test_quotations.py -k figures -s` prints the figures of docs/design/quotations.md."""

import math
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from onrecord.reading.marks import find_quoted
from onrecord.statements import QuoteKind
from onrecord.statements.quotations import METHOD, Witness, alike, first, group, names_fit, prints, reference, variants
from onrecord.statements.verbatim import kind_of, verbatim_of
from onrecord.statements.wording import terms
from onrecord.text import Span


def witness(key: str, speaker: str | None, day: date | None, content: str, outlet: str | None = None) -> Witness:
    """A witness as a reading would give it: what is verbatim is read from the marks."""
    spans, quoted = [Span(0, len(content), content)], find_quoted(content)
    verbatim = tuple(v.exact for v in verbatim_of(content, spans, quoted))
    moment = None if day is None else datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Witness(key, content, verbatim, kind_of(content, spans, quoted), speaker, None, moment, outlet)


def pairs(name: str) -> list[tuple[str, bool, Witness, Witness]]:
    rows = yaml.safe_load((Path(__file__).parent / f"quotations-{name}.yaml").read_text(encoding="utf-8"))
    return [(r["why"], r["same"], witness("a", *r["a"]), witness("b", *r["b"])) for r in rows]


def interval(hits: int, tried: int) -> tuple[float, float]:
    """Wilson's 95% interval."""
    if not tried:
        return 0.0, 1.0
    z, share = 1.96, hits / tried
    middle, half = share + z * z / (2 * tried), z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return max(0.0, (middle - half) / (1 + z * z / tried)), min(1.0, (middle + half) / (1 + z * z / tried))


def measured(name: str) -> dict[str, tuple[int, int]]:
    rows = [(same, alike(a, b).same, bool(set(prints(a)) & set(prints(b)))) for _, same, a, b in pairs(name)]
    return {
        "precision": (sum(s and f for s, f, _ in rows), sum(f for _, f, _ in rows)),
        "recall": (sum(s and f for s, f, _ in rows), sum(s for s, _, _ in rows)),
        "found by prints": (sum(s and p for s, _, p in rows), sum(s for s, _, _ in rows)),
    }


@pytest.mark.parametrize(("why", "same", "a", "b"), [pytest.param(*row, id=f"{n} {row[0]}") for n, row in enumerate(pairs("dev"))])
def test_pairs_the_method_was_chosen_on(why: str, same: bool, a: Witness, b: Witness) -> None:  # noqa: FBT001 - pytest passes by name
    likeness = alike(a, b)
    assert likeness.same is same, (why, likeness)


def test_prints_find_nearly_every_pair() -> None:
    found, of = measured("dev")["found by prints"]
    assert found / of >= 0.95


@pytest.mark.parametrize("name", ["dev", "held"])
def test_figures(name: str) -> None:
    found = measured(name)
    for what, (hits, tried) in found.items():
        low, high = interval(hits, tried)
        sys.stdout.write(f"\n{METHOD} quotations-{name} {what}: {hits}/{tried} {hits / tried:.1%} [{low:.1%}, {high:.1%}]")
    shares = {what: hits / tried for what, (hits, tried) in found.items()}
    assert shares["precision"] >= 0.95
    assert shares["recall"] >= 0.88
    assert shares["found by prints"] >= 0.95


TEXTS = st.lists(
    st.sampled_from(
        [
            "we",
            "will not",
            "sign",
            "the ferry deal",
            "thirty",
            "30",
            "...",
            "[the mayor]",
            "“",
            "”",
            "before",
            "Monday",
            "\ud800",
            "e\u0301",
            "\0",
            "’s",
            "(",
            ". ",
        ]
    ),
    max_size=25,
).map(" ".join)
NAMES = st.sampled_from([None, "Lena Orsk", "Orsk", "Jon Orsk", "Jon Vale", "", "the"])
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 12))
WITNESSES = st.lists(st.tuples(NAMES, DAYS, TEXTS), max_size=7).map(lambda rows: [witness(str(n), *row) for n, row in enumerate(rows)])


@given(st.tuples(NAMES, DAYS, TEXTS), st.tuples(NAMES, DAYS, TEXTS))
def test_which_comes_first_makes_no_difference(one: tuple, other: tuple) -> None:
    a, b = witness("a", *one), witness("b", *other)
    assert alike(a, b) == alike(b, a)
    assert 0 <= alike(a, b).score <= 1


@given(TEXTS)
def test_prints_are_rising_and_fit_a_column_of_64_bits(text: str) -> None:
    found = prints(witness("a", None, None, text))
    assert list(found) == sorted(set(found))
    assert all(-(2**63) <= p < 2**63 for p in found)


@given(WITNESSES, st.randoms(use_true_random=False))
def test_groups_hold_every_witness_once_whatever_their_order(witnesses: list[Witness], random: object) -> None:
    groups = group(witnesses)
    assert sorted(w.key for g in groups for w in g) == sorted(w.key for w in witnesses)
    shuffled = list(witnesses)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert set(group(shuffled)) == set(groups)
    for members in groups:
        assert members[0] == reference(members)
        assert all(alike(members[0], w).same for w in members[1:])
        named = [w.speaker for w in members if w.speaker is not None]
        assert all(names_fit(x, y) for x in named for y in named)
        assert sorted(w.key for v in variants(members) for w in v.witnesses) == sorted(w.key for w in members)


def test_prints_are_the_same_on_every_machine() -> None:
    assert METHOD == "quotation.v1"
    assert prints(witness("a", "Lena Orsk", None, "“We will not sign the ferry deal.”")) == (-6402830489729207168, 916261798505200810, 5868717584989883370)


def test_a_long_speech_and_five_words_of_it_share_a_print() -> None:
    vocabulary = [
        "harbour",
        "winter",
        "sailor",
        "channel",
        "island",
        "escort",
        "bridge",
        "lantern",
        "quota",
        "herring",
        "council",
        "budget",
        "library",
        "pension",
        "tunnel",
        "refinery",
    ]
    speech = [f"{vocabulary[n * 7 % 16]}{chr(97 + n % 23)}" for n in range(300)]
    whole = set(prints(witness("a", "Lena Orsk", None, " ".join(speech))))
    assert all(whole & set(prints(witness("b", "Orsk", None, " ".join(speech[n : n + 5])))) for n in range(295))


def test_members_that_cannot_be_one_speaker_do_not_stay_with_a_bare_surname() -> None:
    said = "“The pipeline will be built with or without the approval of the neighbours.”"
    rows = [("1", "Kell", said + " “Nobody will stop it.”"), ("2", "Astrid Kell", said), ("3", "Martin Kell", said), ("4", "Astrid Kell", said)]
    groups = group([witness(key, name, date(2026, 4, 1), words) for key, name, words in rows])
    assert sorted(sorted(w.key for w in g) for g in groups) == [["1"], ["2", "4"], ["3"]]


def test_small_steps_do_not_chain_what_is_far_apart() -> None:
    words = [
        "harbour",
        "winter",
        "sailor",
        "channel",
        "island",
        "escort",
        "bridge",
        "lantern",
        "quota",
        "herring",
        "council",
        "budget",
        "library",
        "pension",
        "tunnel",
        "refinery",
    ]
    steps = [witness(f"{n}", "Orsk", date(2026, 1, 1), "“" + " ".join(words[n : n + 8]) + "”") for n in range(9)]
    assert all(alike(a, b).same for a, b in zip(steps, steps[1:], strict=False))
    groups = group(steps)
    assert len(groups) > 1
    assert all(alike(g[0], w).same for g in groups for w in g)


def test_a_group_knows_its_first_witness_its_reference_and_its_wordings() -> None:
    made = [
        witness("long", "Lena Orsk", date(2026, 1, 5), "“We will not sign before the ice goes, and nobody in Tarn expects us to.”", "Halyard"),
        witness("early", "Orsk", date(2026, 1, 4), "“We will not sign before the ice goes”", "Beacon"),
        witness("marks", "Orsk", date(2026, 1, 6), "'We will not sign before the ice goes!'", "Lantern"),
        witness("undated", "Orsk", None, "“We will not sign before the ice goes”", "Gull"),
    ]
    (members,) = group(made)
    assert (reference(members).key, first(members).key) == ("long", "early")
    assert [(v.content, [w.outlet for w in v.witnesses]) for v in variants(members)] == [
        ("“We will not sign before the ice goes”", ["Beacon", "Lantern", "Gull"]),
        ("“We will not sign before the ice goes, and nobody in Tarn expects us to.”", ["Halyard"]),
    ]


def test_a_known_id_is_one_speaker_whatever_the_names() -> None:
    a = Witness("a", "“Not one boat of the fleet leaves Tarn.”", ("Not one boat of the fleet leaves Tarn.",), QuoteKind.DIRECT, "Vale", "a1:x")
    b = Witness("b", "“Not one boat of the fleet leaves Tarn”", ("Not one boat of the fleet leaves Tarn",), QuoteKind.DIRECT, "the admiral", "a1:x")
    assert alike(a, b).same
    assert not alike(a, Witness("b", b.content, b.verbatim, b.kind, "the admiral", "a1:y")).same


def test_the_caller_s_way_to_compare_names_is_used() -> None:
    a, b = (witness(key, name, None, "“Not one boat of the fleet leaves Tarn today.”") for key, name in (("a", "Bob Vale"), ("b", "Robert Vale")))
    assert not alike(a, b).same
    assert alike(a, b, names=lambda _, __: True).same
    assert len(group([a, b], names=lambda _, __: True)) == 1


@pytest.mark.parametrize(
    ("left", "right", "fit"),
    [
        ("Smith", "John Smith", True),
        ("Mr Smith", "J. Smith", True),
        ("President Sorev", "Ivan Sorev", True),
        ("the Kremlin", "Kremlin", True),
        ("John Smith", "Jane Smith", False),
        ("Smith", "Smythe", False),
        ("Foreign Ministry", "Trade Ministry of Orsk", False),
        ("", "Smith", False),
    ],
)
def test_names_fit_unless_they_contradict(left: str, right: str, *, fit: bool) -> None:
    assert names_fit(left, right) is fit
    assert names_fit(right, left) is fit


def test_a_reason_says_what_was_found() -> None:
    a = witness("a", "Aune", date(2026, 2, 1), "“We need 30 boats for the southern villages.”")
    assert alike(a, witness("b", "Aune", date(2026, 2, 1), "“We need 45 boats for the southern villages.”")).why == "another number: 30, 45"
    assert alike(a, witness("b", "Vale", date(2026, 2, 1), a.content)).why == "different speakers: Aune, Vale"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ice harbour " * 5000, "harbour ice ferry " * 3000),
        (" ".join(f"negotiat{n}" for n in range(8000)), " ".join(f"negotiat{n}x" for n in range(8000))),
        ("... [x] " * 5000, "“not” never (no) " * 4000),
    ],
    ids=["the same words over and over", "families of words", "nothing but marks"],
)
def test_statements_as_long_as_books_take_seconds(one: str, other: str) -> None:
    began = time.process_time()
    a, b = witness("a", "Orsk", None, one), witness("b", None, None, other)
    alike(a, b)
    alike(a, witness("c", "Orsk", None, other))
    group([a, b])
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We won’t meet her", "they would not meet him"),
        ("2.5m gulls", "2.5 million gulls"),
        ("two hundred and thirty men", "230 men"),
        ("twenty-one boats, thirty or forty men", "21 boats, 30 or 40 men"),
        ("5% of it", "five percent of it"),
        ("the centre organises programmes", "the center organized programs"),
        ("he goes and withdraws", "she went and withdrew"),
        ("it’s the mayor’s", "it is the mayor"),
    ],
)
def test_house_styles_tenses_and_persons_have_one_form(one: str, other: str) -> None:
    assert [t.stem for t in terms(one) if t.telling] == [t.stem for t in terms(other) if t.telling]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("we will not sign the deal today", [1, 2, 0]),
        ("no, we will sign the deal", [0, 0]),
        ("he refused to sign the deal", [0, 1, 2]),
        ("there is no deal", [1]),
        ("without a deal we sign", [1, 2]),
    ],
)
def test_a_negation_reaches_two_telling_words_and_ends_at_a_pause(text: str, negated: list[int]) -> None:
    assert [t.negated for t in terms(text) if t.telling] == negated


def test_a_country_in_capitals_is_no_pronoun() -> None:
    assert [t.stem for t in terms("It helps the US") if t.telling] == ["help", "us"]
    assert [t.stem for t in terms("It helps us") if t.telling] == ["help"]


def test_brackets_and_ellipses_are_known() -> None:
    assert [(t.stem, t.inserted, t.segment) for t in terms("[the engineers] came … and left") if t.telling] == [
        ("engineer", True, 0),
        ("com", False, 0),
        ("leav", False, 1),
    ]


def test_one_outlet_at_one_moment_does_not_say_a_thing_twice_in_other_words() -> None:
    day = date(2026, 3, 9)
    said = (
        "“Our soldiers have withdrawn from the eastern bank of the river and destroyed the bridge.”",
        "“Our troops pulled back from the east bank of the river and destroyed the bridge.”",
    )
    assert alike(witness("a", "Ruk", day, said[0], "Gull"), witness("b", "Ruk", day, said[1], "Halyard")).same
    assert not alike(witness("a", "Ruk", day, said[0], "Gull"), witness("b", "Ruk", day, said[1], "Gull")).same


def test_words_of_every_topic_are_no_evidence() -> None:
    a, b = (
        witness(k, "Orsk", date(2026, 3, 9), f"“{said}”")
        for k, said in (("a", "I think people want to make it work"), ("b", "People want it, I think, and we make it work"))
    )
    assert not alike(a, b).same


@pytest.mark.parametrize("joint", [" … ", " "])
def test_a_content_in_pieces_is_the_quotation_that_is_whole_elsewhere(joint: str) -> None:
    day = date(2026, 3, 9)
    pieces = witness("a", "Orsk", day, joint.join(["“We have waited all winter,”", "“and we can wait for the ice.”"]))
    whole = witness("b", "Lena Orsk", day, "“We have waited all winter and we can wait for the ice.”")
    assert alike(pieces, whole).same
    assert set(prints(pieces)) & set(prints(whole))


@pytest.mark.parametrize(
    ("one", "other", "day", "same"),
    [
        ("“A pause that one side can end is an ambush with a clock on it.”", "that a pause of that kind was “an ambush with a clock on it”", 12, True),
        ("the plan “an ambush with a clock on it”", "a truce of sixty days “an ambush with a clock on it”", 12, True),
        ("“A pause that one side can end is an ambush with a clock on it.”", "that a pause of that kind was “an ambush with a bell on it”", 12, False),
        ("the plan “an ambush with a clock on it”", "the new road “an ambush with a clock on it”", 30, False),
        ("the plan “not on the table”", "the harbour fee “not on the table”", 12, False),
    ],
)
def test_a_part_between_marks_is_found_in_another_frame(one: str, other: str, day: int, same: bool) -> None:  # noqa: FBT001 - pytest passes by name
    a, b = witness("a", "Ludmila Sorev", date(2026, 3, 12), one), witness("b", "Sorev", date(2026, 3, day), other)
    assert alike(a, b).same is same
    assert alike(b, a).same is same
    assert not same or set(prints(a)) & set(prints(b))
