"""Whose position a content reports."""

import pytest

import onrecord
from onrecord.positions.holders import Known, holder_of


def told(text):
    """(speaker, holder) of each statement, by the article's own names."""
    from onrecord.actors import find_cast
    from onrecord.desk import reader_named
    from onrecord.statements import find_statements

    article = onrecord.read(text).article
    reading = reader_named().read(article)
    statements = find_statements(article, reading)
    cast = find_cast(article, reading, statements)
    known = Known(article.revision.text, cast.names, [v.speaker for v in cast.voices])
    holders = [holder_of(s.content, v.speaker, known) for s, v in zip(statements, cast.voices, strict=True)]
    for holder in filter(None, holders):
        holder.span.check(article.revision.text)
    return [(v.speaker.name, h.name if h else None) for v, h in zip(cast.voices, holders, strict=True)]


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("The French foreign minister, Anne Roussel, said that Germany rejects the fishing plan.", "Germany"),
        ("Anne Roussel, the French foreign minister, said that Kyiv had accepted the truce.", "Ukraine"),
        ("Mayor Ines Rook said that Paul Carver opposes the levy. Paul Carver, a shopkeeper, declined to comment.", "Paul Carver"),
        ("Mayor Ines Rook said that the levy was a mistake.", None),
        ("Mayor Ines Rook said that she opposes the levy.", None),
        ("Anne Roussel, the French foreign minister, said that France rejects the fishing plan.", None),
        ("Mayor Ines Rook said that the shops in Germany close early.", None),
        # What a name's plan or proposal is called is nothing that it does.
        ("Anne Roussel, the French foreign minister, said that Germany plans to fish in the strait were unacceptable.", None),
        ("Anne Roussel, the French foreign minister, said that the Germany proposal was unacceptable.", None),
    ],
)
def test_a_name_that_takes_sides_in_the_content_is_the_holder_unless_it_speaks_for_itself(text, holder):
    assert told(text)[0][1] == holder
