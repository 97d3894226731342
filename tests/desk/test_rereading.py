"""Reading the ledger again with another reader: what was there stays beside it, and what people decided holds."""

from dataclasses import replace

import pytest

from onrecord.articles import read_articles
from onrecord.desk import rereading
from onrecord.desk.desk import Desk
from onrecord.desk.preparing import Background
from onrecord.desk.reading import Settings
from onrecord.errors import ArticleError
from onrecord.ledger import Ledger, ReadBy

NEWER = ReadBy("invented-2.0.0", "m1:newer")
STORIES = [f"Story {n}\n\n“Words of story {n},” Lena Orsk said. “More of story {n},” Tomas Brandt said." for n in range(5)]


def reread(room, mapped, by=NEWER):
    count, filed = rereading.rereading(room.ledger, Background(Settings()), map=mapped, now=room.clock.now, by=by)
    return count, list(filed)


def first_half(entries_in):
    """A reader that finds the first statement of each article alone."""
    return lambda article: entries_in(article)[:1]


def test_every_text_is_read_again_and_the_older_readings_stay(room, stand_in, entries_in):
    room.desk.add(*STORIES)
    count, filed = reread(room, stand_in(NEWER, entries=first_half(entries_in)))
    assert (count, len(filed)) == (5, 5)
    assert [f.error for f in filed] == [None] * 5
    assert len(list(room.desk.search())) == 5
    assert len(list(room.desk.search(everything=True))) == 15
    assert room.desk.status().readers == (("invented-2.0.0", 5),)
    assert reread(room, stand_in(NEWER)) == (0, [])


def test_what_two_readers_make_of_a_text_is_compared(room, stand_in, entries_in):
    room.desk.add(*STORIES)
    reread(room, stand_in(NEWER, entries=first_half(entries_in)))
    compared = list(room.desk.rereadings())
    assert {(r.old_reader, r.new_reader) for r in compared} == {("invented-1.0.0", "invented-2.0.0")}
    assert [sorted(str(c.kind) for c in r.changes) for r in compared] == [["same", "unread"]] * 5


def test_a_run_that_fails_in_the_middle_goes_on_where_it_was(room, stand_in):
    room.desk.add(*STORIES)

    def breaks(work, jobs):
        for n, done in enumerate(stand_in(NEWER)(work, jobs)):
            if n == 3:
                raise OSError("the power is gone")
            yield done

    with pytest.raises(OSError, match="power"):
        reread(room, breaks)
    assert room.ledger.check() == []
    left, _ = room.ledger.unread(NEWER.digest)
    count, filed = reread(room, stand_in(NEWER))
    assert count == left == len(filed)
    assert room.ledger.unread(NEWER.digest)[0] == 0
    assert len(list(room.desk.search())) == 10


def test_one_that_is_stopped_after_some_were_filed_reads_only_the_rest(room, stand_in):
    texts = [f"Story {n}\n\n“Words of story {n},” Lena Orsk said." for n in range(300)]
    room.desk.add(*texts)
    _, filed = rereading.rereading(room.ledger, Background(Settings()), map=stand_in(NEWER), now=room.clock.now, by=NEWER)
    next(filed)
    filed.close()
    count, rest = reread(room, stand_in(NEWER))
    assert 0 < count < 300
    assert len(rest) == count


def test_a_document_that_can_be_read_no_more_is_an_error_and_its_reading_stays(room, stand_in):
    room.desk.add(*STORIES)

    def strict(document, **told):
        if b"story 2" in document.content:
            raise ArticleError("no article any more", item=document.name)
        return read_articles(document, **told)

    count, filed = reread(room, stand_in(NEWER, cut=strict))
    assert (count, [f.error.message for f in filed if f.error]) == (5, ["no article any more"])
    assert len(list(room.desk.search())) == 10
    assert room.ledger.unread(NEWER.digest)[0] == 1


def test_what_people_decided_holds(room, stand_in):
    room.desk.add(*STORIES)
    wrong = next(h for h in room.desk.search() if "Words of story 1" in h.content)
    other = next(h for h in room.desk.search() if "Words of story 2" in h.content)
    room.desk.judge(wrong.id, "wrong", by="me")
    room.desk.judge(other.id, "speaker", speaker="Tomas Brandt", by="me")
    room.desk.merge("Lena Orsk", "Tomas Brandt", by="me")
    reread(room, stand_in(NEWER))
    assert "“Words of story 1,”" not in room.said()
    assert len(room.said()) == 9
    assert {h.actor[1] for h in room.desk.search()} == {"Lena Orsk"}


def test_another_cut_of_the_same_bytes_is_no_edit_of_the_outlet(room, stand_in, article_page, tmp_path):
    (tmp_path / "a.html").write_text(article_page())
    room.desk.add(tmp_path / "a.html")

    def otherwise(document, **told):
        first, *_ = read_articles(document, **told)
        text = first.revision.text
        last = first.revision.paragraphs[-1]
        cut = replace(first.revision, text=text[: last.start].rstrip(), paragraphs=first.revision.paragraphs[:-1])
        return (replace(first, revision=cut),)

    reread(room, stand_in(NEWER, cut=otherwise))
    history = room.desk.article(str(tmp_path / "a.html"))
    assert [(t.number, t.cause, t.current) for t in history.texts] == [(1, "found", False), (2, "reread", True)]
    assert [str(c.kind) for c in history.texts[1].changes] == ["same"]
    assert room.said() == {"“We will mend the landing before the ice comes,”"}
    assert room.ledger.unread(NEWER.digest)[0] == 0


def test_the_reader_in_the_package_reads_what_another_has_read(tmp_path, clock, stand_in):
    ledger = Ledger.open(tmp_path / "real.db", create=True)
    with Desk(ledger, map=stand_in(), now=clock.now) as desk:
        desk.add('Ferry late\n\n"We will mend the landing," the mayor of Tarn said on Tuesday.')
        assert desk.status().counts["statements"] == 0
    with Desk(Ledger.open(tmp_path / "real.db"), now=clock.now) as desk:
        tally = desk.reread()
        assert (tally.errors, tally.statements) == ([], 1)
        assert desk.reread().statements == 0
        assert [[str(c.kind) for c in r.changes] for r in desk.rereadings()] == [["reread"]]
        assert [h.content for h in desk.search("landing")] == ['"We will mend the landing,"']
