import re
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import reading_of

from onrecord.actors import ActorType, MentionForm, Speaker, Voice
from onrecord.articles import Article, Revision
from onrecord.changes import Change, ChangeKind, compare, counts, speakers_fit
from onrecord.entry import Entry, entries_of
from onrecord.errors import StatementError
from onrecord.occasions import Occasion, When, Where
from onrecord.statements import Attribution, QuoteKind, Statement, find_statements
from onrecord.statements.anchoring import AnchorState
from onrecord.text import Span

SIGN = '{t1:"We will not sign before the ice goes,"} {s1:Lena Orsk} {c1:said}.'
FLEET = "{s2:Jon Vale} {c2:warned} {t2:that the fleet would leave the harbour at once}."
FERRY = '{s3:Mira Dahl} {c3:added}: {t3:"A ferry that sails half empty is a broken promise."}'


def speaker(name: str | None, *, type: ActorType = ActorType.PERSON, mention: MentionForm = MentionForm.NAME, country: str | None = None) -> Speaker:  # noqa: A002 - the word of the vocabulary
    return Speaker(None, name, type, None, mention, 1.0, country=country)


def read(marked: str, **names: str) -> tuple[Article, tuple[Entry, ...]]:
    """Entries of a reading made by hand. Speakers are named as they are mentioned, or as `names` says for pronouns."""
    article, reading = reading_of(marked)
    made = entries_of(article, reading, find_statements(article, reading))
    out = []
    for entry in made:
        mention = entry.statement.mention or ""
        who = names.get(mention, mention) or None
        unnamed = bool(who) and who.startswith(("a ", "an "))
        spoken = speaker(who, type=ActorType.UNNAMED if unnamed else ActorType.PERSON)
        out.append(replace(entry, voice=replace(entry.voice, speaker=spoken)))
    return article, tuple(out)


def changes(old: str, new: str) -> tuple[Change, ...]:
    return compare(*read(old), *read(new))


def kinds(old: str, new: str) -> list[str]:
    return [str(c.kind) for c in changes(old, new)]


def test_the_same_article_read_twice_is_the_same_all_through() -> None:
    found = changes(f"{SIGN}\n\n{FLEET}\n\n{FERRY}", f"{SIGN}\n\n{FLEET}\n\n{FERRY}")
    assert [(c.kind, c.anchored.state, c.score, c.parts) for c in found] == [(ChangeKind.SAME, AnchorState.ANCHORED, 1.0, ())] * 3


def test_a_paragraph_put_before_shifts_a_statement_and_leaves_it_the_same() -> None:
    (found,) = changes(SIGN, "Snow fell on the harbour of Tarn.\n\n" + SIGN)
    assert (found.kind, found.anchored.state) == (ChangeKind.SAME, AnchorState.MOVED)
    assert found.anchored.spans == found.new.statement.content


def test_a_statement_taken_to_another_place_has_moved() -> None:
    assert kinds(
        f"{SIGN}\n\n{FLEET}\n\nSnow fell on the harbour of Tarn all night, and nobody slept.",
        f"{FLEET}\n\nSnow fell on the harbour of Tarn all night, and nobody slept.\n\n{SIGN}",
    ) == ["same", "moved"]


@pytest.mark.parametrize(
    "content",
    [
        "“We will not sign before the ice goes,”",
        "'We will not sign before the ice goes,'",
        '"WE will not sign — before the ice goes!"',
        '"We will not sign, before the ice  goes"',
    ],
)
def test_other_marks_and_punctuation_are_trivial(content: str) -> None:
    (found,) = changes(SIGN, f"{{t1:{content}}} {{s1:Lena Orsk}} {{c1:said}}.")
    assert (found.kind, found.parts) == (ChangeKind.TRIVIAL, ())


@pytest.mark.parametrize(
    ("new", "parts"),
    [
        ('{t1:"We will sign before the ice goes,"} {s1:Lena Orsk} {c1:said}.', ("content", "verbatim")),
        ('{t1:"We will not sign,"} {s1:Lena Orsk} {c1:said}.', ("content", "verbatim")),
        ("{t1:We will not sign before the ice goes,} {s1:Lena Orsk} {c1:said}.", ("verbatim",)),
        ('{t1:"We will not sign before the ice goes,"} {s1:Lena Orsk} {c1:claimed}.', ("cue",)),
        ("{s1:Orsk} {c1:said} {t1:they would not sign before the ice went}.", ("content", "verbatim", "source")),
        ('{t1:"We will not sign before the 30th,"} {s1:Lena Orsk} {c1:said}.', ("content", "verbatim")),
    ],
)
def test_other_words_are_reworded_and_the_parts_say_where(new: str, parts: tuple[str, ...]) -> None:
    (found,) = changes(SIGN, new)
    assert (found.kind, found.parts) == (ChangeKind.REWORDED, parts)
    assert found.score > 0.4


def test_a_longer_name_is_not_another_speaker() -> None:
    (found,) = changes(SIGN.replace("Lena Orsk", "Orsk"), SIGN)
    assert (found.kind, found.parts) == (ChangeKind.SAME, ("source",))


@pytest.mark.parametrize("who", ["Jon Vale", "Mira Orsk", "a senior official"])
def test_the_same_words_of_somebody_else_are_reattributed(who: str) -> None:
    (found,) = changes(SIGN, SIGN.replace("Lena Orsk", who))
    assert (found.kind, found.parts) == (ChangeKind.REATTRIBUTED, ("source", "speaker"))


def test_a_pronoun_that_comes_to_mean_somebody_else_is_reattributed() -> None:
    marked = '{t1:"We will not sign before the ice goes,"} {s1:she} {c1:said}.'
    (found,) = compare(*read("Lena Orsk rose. " + marked, she="Lena Orsk"), *read("Mira Dahl rose. " + marked, she="Mira Dahl"))
    assert (found.kind, found.parts) == (ChangeKind.REATTRIBUTED, ("speaker",))


def test_another_speaker_of_one_text_is_the_reader_s_doing() -> None:
    marked = '{t1:"We will not sign before the ice goes,"} {s1:she} {c1:said}.'
    (found,) = compare(*read(marked, she="Lena Orsk"), *read(marked, she="Mira Dahl"))
    assert (found.kind, found.parts) == (ChangeKind.REREAD, ("speaker",))


def test_the_same_office_is_nobody_else_though_only_one_reader_knows_whose_it_is() -> None:
    marked = '{t1:"We will not sign before the ice goes,"} {s1:the defence secretary} {c1:said}.'
    known = compare(*read(marked), *read(marked, **{"the defence secretary": "Tom Quillan"}))
    assert [c.kind for c in known] == [ChangeKind.SAME]


def test_a_speaker_left_open_is_nobody_else() -> None:
    marked = '{t1:"We will not sign before the ice goes,"} {s1:she} {c1:said}.'
    (found,) = compare(*read(marked, she="Lena Orsk"), *read(marked, she=""))
    assert found.kind is ChangeKind.SAME


def test_statements_come_and_go() -> None:
    found = changes(f"{SIGN}\n\n{FLEET}", f"{SIGN}\n\n{FERRY}")
    assert sorted((str(c.kind), c.old is None, c.new is None) for c in found) == [("added", True, False), ("dropped", False, True), ("same", False, False)]
    dropped = next(c for c in found if c.kind is ChangeKind.DROPPED)
    assert dropped.anchored.state is AnchorState.GONE
    assert next(c for c in found if c.kind is ChangeKind.ADDED).anchored is None


def bare(marked: str) -> str:
    return re.sub(r"\{[sct]\d:|\}", "", marked)


def test_what_only_one_reader_took_for_a_statement_was_neither_added_nor_dropped() -> None:
    both, one = f"{SIGN}\n\n{FLEET}", f"{SIGN}\n\n{bare(FLEET)}"
    assert kinds(both, one) == ["same", "unread"]
    assert kinds(one, both) == ["same", "reread"]
    later = "Snow fell on Tarn.\n\n"
    assert kinds(both, later + one) == ["same", "unread"]
    reread = changes(one, later + both)[1]
    assert (reread.kind, reread.anchored.spans[0].start) == (ChangeKind.REREAD, one.replace(SIGN, bare(SIGN)).index("that the fleet"))


def test_other_words_of_an_unchanged_text_are_reread_and_not_reworded() -> None:
    wide = "{s2:Jon Vale} {c2:warned} {t2:that the fleet would leave the harbour at once}."
    narrow = "{s2:Jon Vale} {c2:warned} that {t2:the fleet would leave the harbour} at once."
    (found,) = changes(wide, narrow)
    assert (found.kind, found.parts) == (ChangeKind.REREAD, ("content",))


def test_a_quotation_whose_speaker_was_cut_is_dropped_though_its_words_stand() -> None:
    (found,) = changes(f"{SIGN} Snow fell.", '"We will not sign before the ice goes." Snow fell.')
    assert found.kind is ChangeKind.DROPPED
    assert found.anchored.state is not AnchorState.ANCHORED


def test_of_two_speakers_with_the_same_words_the_one_who_stays_is_the_same() -> None:
    other = SIGN.replace("Lena Orsk", "Jon Vale").replace("1:", "2:")
    assert kinds(f"{SIGN}\n\nSnow fell.\n\n{other}", f"Snow fell.\n\n{other}") == ["dropped", "same"]


def test_two_short_statements_in_different_places_are_no_pair() -> None:
    assert kinds(
        "{s1:Lena Orsk} {c1:denied} {t1:it}. Snow fell on the harbour of Tarn.", "Snow fell on the harbour of Tarn. {s1:Jon Vale} {c1:denied} {t1:it}."
    ) == ["dropped", "added"]


def test_counts_name_every_kind() -> None:
    found = counts(changes(f"{SIGN}\n\n{FLEET}", f"{SIGN}\n\n{FERRY}"))
    assert list(found) == list(ChangeKind)
    assert {k: n for k, n in found.items() if n} == {ChangeKind.SAME: 1, ChangeKind.ADDED: 1, ChangeKind.DROPPED: 1}


def test_a_change_in_json_has_the_ids() -> None:
    (found,) = changes(SIGN, SIGN.replace("goes", "has gone"))
    data = found.to_json()
    assert (data["kind"], data["old"], data["new"]) == ("reworded", found.old.id, found.new.id)
    assert data["parts"] == ["content", "verbatim"]


def test_entries_of_another_text_are_refused() -> None:
    article, entries = read(SIGN)
    other, _ = read(FLEET)
    with pytest.raises(StatementError):
        compare(other, entries, article, entries)


@settings(max_examples=25)
@given(
    st.lists(
        st.sampled_from([SIGN, FLEET, FERRY, "Snow fell.", bare(SIGN), SIGN.replace("Lena Orsk", "Jon Vale"), SIGN.replace("not ", "")]),
        max_size=5,
        unique=True,
    ),
    st.permutations(range(3)),
    st.integers(0, 5),
)
def test_every_statement_is_in_one_change_and_no_more(parts: list[str], order: list[int], cut: int) -> None:
    def joined(rows: list[str]) -> str:
        return "\n\n".join(re.sub(r"(?<=\{[sct])\d", str(n % 9), row) for n, row in enumerate(rows)) or "Snow."

    old, new = read(joined(parts[:cut])), read(joined([[SIGN, FLEET, FERRY][n] for n in order]))
    found = compare(*old, *new)
    assert sorted(c.old.id for c in found if c.old) == sorted(e.id for e in old[1])
    assert sorted(c.new.id for c in found if c.new) == sorted(e.id for e in new[1])
    assert sum(counts(found).values()) == len(found)
    assert all(0 <= c.score <= 1 for c in found)


@pytest.mark.parametrize(
    ("old", "new", "fit"),
    [
        (speaker("Smith"), speaker("John Smith"), True),
        (speaker("John Smith"), speaker("Jane Smith"), False),
        (speaker(None), speaker("Jane Smith"), True),
        (speaker("she", type=ActorType.UNKNOWN, mention=MentionForm.PRONOUN), speaker("Jane Smith"), True),
        (speaker("Ann Vale", type=ActorType.UNKNOWN), speaker("Jane Smith"), False),
        (speaker("a senior official", type=ActorType.UNNAMED), speaker("the senior official", type=ActorType.UNNAMED), True),
        (speaker("a senior official", type=ActorType.UNNAMED), speaker("two diplomats", type=ActorType.UNNAMED), False),
        (speaker("a senior official", type=ActorType.UNNAMED), speaker("Jane Smith"), False),
        (speaker("Ilmarsh's defence secretary"), speaker("the defence secretary"), True),
        (speaker("Ilmarsh's defence secretary"), replace(speaker("Tom Quillan"), role=Span(0, 17, "defence secretary")), True),
        (speaker("her spokeswoman"), replace(speaker("Tom Quillan"), role=Span(0, 17, "defence secretary")), False),
        (speaker("Lena Orsk"), speaker("her spokeswoman"), False),
        (speaker("Moscow", type=ActorType.STATE, country="RU"), speaker("the Kremlin", type=ActorType.STATE, country="RU"), True),
        (speaker("Moscow", type=ActorType.STATE, country="RU"), speaker("Kyiv", type=ActorType.STATE, country="UA"), False),
        (speaker("WHO", type=ActorType.ORGANIZATION), speaker("World Health Organization", type=ActorType.ORGANIZATION), True),
    ],
)
def test_who_may_be_one_speaker(old: Speaker, new: Speaker, *, fit: bool) -> None:
    assert speakers_fit(old, new) is fit
    assert speakers_fit(new, old) is fit


TEXTS = st.lists(st.sampled_from(["ice ", "the mayor ", "“no” ", "e\u0301", "👩‍👩‍👧", "\ud800", "\0", "\n\n", "said. ", "30 "]), min_size=1, max_size=20).map(
    "".join
)


@st.composite
def readings(draw: st.DrawFn) -> tuple[Article, tuple[Entry, ...]]:
    """Any spans of any text as statements."""
    text = draw(TEXTS)
    revision = Revision(text, ())
    out = []
    for _ in range(draw(st.integers(0, 4))):
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
        spans = [Span.of(text, a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        verbatim = draw(st.sampled_from([(), (spans[0],)]))
        made = Statement(revision.id, (spans[0],), tuple(spans[1:2]), tuple(spans[2:3]), QuoteKind.MIXED, Attribution.CUE, verbatim, (), "body", 1.0, "made")
        nowhere = Occasion(When(None, None, ""), Where(None, None))
        out.append(Entry(made, Voice(speaker(draw(st.sampled_from([None, "Orsk", "Lena Orsk", "Jon Vale"])))), nowhere))
    return Article(revision, "a.txt"), tuple(out)


@given(readings(), readings())
def test_any_two_readings_compare(old: tuple[Article, tuple[Entry, ...]], new: tuple[Article, tuple[Entry, ...]]) -> None:
    for one, other in ((old, new), (old, old)):
        found = compare(*one, *other)
        assert sorted(c.old.id for c in found if c.old) == sorted(e.id for e in one[1])
        assert sorted(c.new.id for c in found if c.new) == sorted(e.id for e in other[1])
        for change in found:
            for span in change.anchored.spans if change.anchored else ():
                span.check(other[0].revision.text if change.old else one[0].revision.text)
            assert (change.old is None) == (
                change.kind in (ChangeKind.ADDED, ChangeKind.REREAD) and change.new is not None and change.score == 0 and not change.parts
            )


def test_a_live_blog_with_a_thousand_statements_takes_seconds() -> None:
    rows = [f'{{t1:"Boat {n} left at {n % 24} with {n * 7} crates of herring for Tarn,"}} {{s1:Lena Orsk}} {{c1:said}}.' for n in range(8)]
    article, entries = read("\n\n".join(re.sub(r"(?<=\{[sct])1", str(n), row) for n, row in enumerate(rows)))
    text, size = article.revision.text + "\n\n", len(article.revision.text) + 2
    many = Article(Revision(text * 125, ()), "blog")

    def at(span: Span, shift: int) -> Span:
        return Span(span.start + shift, span.end + shift, span.exact)

    def shifted(entry: Entry, shift: int) -> Entry:
        roles = {role: tuple(at(s, shift) for s in getattr(entry.statement, role)) for role in ("content", "cue", "source", "verbatim")}
        return replace(entry, statement=replace(entry.statement, revision=many.revision.id, **roles))

    told = tuple(shifted(e, size * n) for n in range(125) for e in entries)
    began = time.process_time()
    found = counts(compare(many, told, many, told))
    assert found[ChangeKind.SAME] == len(told) == 1000
    assert time.process_time() - began < 20
