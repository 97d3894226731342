import json

import pytest
from marked import reading_of, statements_of

from onrecord.articles import Article, Revision
from onrecord.errors import StatementError
from onrecord.statements import Attribution, QuoteKind, find_statements


def rows(marked: str) -> list[tuple[str | None, str, str]]:
    return [(s.mention, str(s.kind), " | ".join(c.exact for c in s.content)) for s in statements_of(marked)]


def test_content_cue_and_source_are_tied() -> None:
    found = rows('{t1:"We will not sign,"} {s1:the mayor} {c1:said}. {s2:Her deputy} {c2:warned} {t2:that ice was coming}.')
    assert found == [("the mayor", "direct", '"We will not sign,"'), ("Her deputy", "indirect", "that ice was coming")]


def test_a_content_in_two_parts_is_one_statement() -> None:
    assert rows('{t1:"We have waited,"} {s1:she} {c1:said}, {t1:"and we will wait."}') == [("she", "direct", '"We have waited," | "and we will wait."')]


def test_two_statements_of_one_source() -> None:
    made = statements_of("{s1:The mayor} {c1:denied} {t1:the report}. The report was long.")
    assert [s.kind for s in made] == [QuoteKind.INDIRECT]


def test_which_words_are_verbatim_and_which_an_editor_s() -> None:
    (made,) = statements_of("{s1:He} {c1:said} {t1:it was too early to 'get [too far] ahead' of events}.")
    assert made.kind is QuoteKind.MIXED
    assert [v.exact for v in made.verbatim] == ["get", "ahead"]
    assert [i.exact for i in made.insertions] == ["[too far]"]


def test_an_implicit_source_is_null() -> None:
    (made,) = statements_of("{t1:The pier was closed}, {c1:according to} the notice.")
    assert made.mention is None
    assert made.to_json()["source"] == []


def test_a_quotation_over_three_paragraphs_is_one_statement() -> None:
    (made,) = statements_of('{s1:Orsk} {c1:said}: {t1:"We have waited all winter.}\n\n"We have been patient.\n\n"And we will wait."')
    assert [c.exact for c in made.content] == ['"We have waited all winter.', '"We have been patient.', '"And we will wait."']
    assert made.kind is QuoteKind.DIRECT


def test_a_quotation_without_a_cue_between_two_attributed_ones() -> None:
    made = statements_of(
        '{t1:"We are tired,"} {s1:Lena Orsk} {c1:said}.\n\n"The ice has not gone, and nobody asked us."\n\n{t2:"Ask us in spring,"} {s2:Orsk} {c2:added}.'
    )
    assert [s.attribution for s in made] == [Attribution.CUE, Attribution.CONTINUATION, Attribution.CUE]
    assert made[1].mention == "Lena Orsk"
    assert made[1].score < made[0].score


def test_a_quotation_that_the_tagger_ties_to_its_neighbour_is_marked_as_carried_on() -> None:
    made = statements_of('{t1:"We are tired,"} {s1:Lena Orsk} {c1:said}.\n\n{t1:"The ice has not gone, and nobody asked us."}\n\nThe ferry waited.')
    assert [(s.attribution, s.mention, len(s.content)) for s in made] == [(Attribution.CUE, "Lena Orsk", 1), (Attribution.CONTINUATION, "Lena Orsk", 1)]
    assert made[1].cue == ()


def test_the_rest_of_a_quotation_in_its_own_paragraph_is_one_with_it() -> None:
    (made,) = statements_of('{t1:"We are tired,"} {s1:Lena Orsk} {c1:said}. {t1:"The ice has not gone, and nobody asked us."}')
    assert len(made.content) == 2


def test_a_quotation_between_two_speakers_is_nobody_s() -> None:
    made = statements_of(
        '{t1:"We are tired,"} {s1:Lena Orsk} {c1:said}.\n\n"The ice has not gone, and nobody asked us."\n\n{t2:"Ask us in spring,"} {s2:Jon Vale} {c2:said}.'
    )
    assert (made[1].attribution, made[1].mention) == (Attribution.NONE, None)


def test_the_outlet_s_own_voice_is_no_statement() -> None:
    assert statements_of("The mayor is showing no sign of bowing to the ferry company.") == ()


@pytest.mark.parametrize("marks", ['""', "“”", "‘’", "''", "«»", "„“"])
def test_every_style_of_marks_is_direct(marks: str) -> None:
    (made,) = statements_of(f"{{t1:{marks[0]}We will not sign,{marks[1]}}} {{s1:she}} {{c1:said}}.")
    assert made.kind is QuoteKind.DIRECT


def test_json_has_every_key_and_no_empty_string() -> None:
    (made,) = statements_of("{s1:He} {c1:said} {t1:no}.")
    data = made.to_json()
    assert json.loads(json.dumps(data)) == data
    wanted = "id revision content cue source kind score reader attribution verbatim insertions paragraph"
    assert set(data) == set(wanted.split())
    assert "" not in data.values()
    assert made.id == statements_of("{s1:He} {c1:said} {t1:no}.")[0].id


def test_a_reading_of_another_text_is_refused() -> None:
    article, reading = reading_of("{s1:He} {c1:said} {t1:that nothing would change}.")
    other = Article(Revision(article.revision.text.upper()[:-8], article.revision.paragraphs), source="x")
    with pytest.raises(StatementError):
        find_statements(other, reading)
