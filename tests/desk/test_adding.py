"""What a user names gets into the ledger: once, under one name, and with what the user knows better."""

import gzip
import json
import zipfile
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.batch import processes
from onrecord.desk.desk import Desk
from onrecord.errors import NotFoundError, UsageError
from onrecord.ledger import Ledger
from onrecord.sources import Document

STORY = "Ferry late again\n\n“We will mend the landing,” Lena Orsk said after the meeting. Nobody in the council knew more about it."
OTHER = "Bridge shut\n\n“The bridge stays shut,” Tomas Brandt said in the evening. The drivers turned round and went home."
EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"


def counts(tally):
    return tally.documents, tally.articles, tally.revisions, tally.statements, tally.known, len(tally.errors)


def test_a_file_is_read_and_found(room, tmp_path, article_page):
    (tmp_path / "a.html").write_text(article_page("We will mend it"))
    assert counts(room.desk.add(tmp_path / "a.html")) == (1, 1, 0, 1, 0, 0)
    assert [(h.content, h.actor[1]) for h in room.desk.search("mend")] == [("“We will mend it,”", "Lena Orsk")]


def test_a_folder_is_read_with_all_it_holds(room, tmp_path, article_page):
    folder = tmp_path / "news"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.html").write_text(article_page("Words of the first", title="One"))
    (folder / "deep" / "b.txt.gz").write_bytes(gzip.compress(STORY.encode()))
    (folder / "deep" / "c.txt.zst").write_bytes(zstandard.compress(OTHER.encode()))
    (folder / "d.csv").write_text('text,title\n"“Words of the fourth,” Lena Orsk said there.",Four\n')
    (folder / "picture.png").write_bytes(b"\x89PNG")
    assert counts(room.desk.add(folder)) == (4, 4, 0, 4, 0, 0)


def test_a_folder_without_articles_is_an_error_and_the_rest_goes_on(room, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text(STORY)
    tally = room.desk.add(tmp_path / "empty", tmp_path / "nowhere.txt", tmp_path / "a.txt")
    assert counts(tally) == (1, 1, 0, 1, 0, 2)
    assert [(type(e), e.item) for e in tally.errors] == [(NotFoundError, str(tmp_path / "empty")), (NotFoundError, str(tmp_path / "nowhere.txt"))]


def test_a_web_archive_gives_its_pages(room, tmp_path, article_page):
    records = []
    for n in (1, 2):
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + article_page(f"Words of page {n}", title=f"Page {n}").encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://pier.example/{n}\r\nWARC-Date: 2026-02-0{n}T10:00:00Z\r\n"
        head += f"WARC-Record-ID: <urn:uuid:{n}>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        records.append(gzip.compress(head.encode() + block + b"\r\n\r\n"))
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(records))
    assert counts(room.desk.add(tmp_path / "crawl.warc.gz")) == (2, 2, 0, 2, 0, 0)
    history = room.desk.article("https://pier.example/2")
    assert (history.outlet, history.texts[0].seen) == ("pier.example", datetime(2026, 2, 2, 10, tzinfo=UTC))


def test_a_table_is_read_by_the_columns_that_the_user_names(room, tmp_path):
    (tmp_path / "t.csv").write_text('Words,Head,When,Where\n"“It holds,” Lena Orsk said.",Dike,2026-02-03,https://pier.example/t1\n')
    tally = room.desk.add(tmp_path / "t.csv", columns="text=Words,title=Head,published=When,url=Where")
    assert counts(tally) == (1, 1, 0, 1, 0, 0)
    article = room.desk.article("https://pier.example/t1").texts[0].article
    assert (article.title, article.published.date()) == ("Dike", date(2026, 2, 3))
    with pytest.raises(UsageError, match="Nothing"):
        room.desk.add(tmp_path / "t.csv", columns="text=Nothing")


def test_a_zip_file_gives_its_files(room, tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as bundle:
        bundle.writestr("a.txt", STORY)
        bundle.writestr("deep/b.txt", OTHER)
    assert counts(room.desk.add(tmp_path / "z.zip")) == (2, 2, 0, 2, 0, 0)
    assert room.desk.article(f"{tmp_path / 'z.zip'}#deep/b.txt").texts


def test_a_feed_saved_as_a_file_gives_each_of_its_articles(room, tmp_path):
    items = [{"id": str(n), "content_text": f"“Words of item {n},” Lena Orsk said there."} for n in range(3)]
    items[0]["url"] = "https://pier.example/i0"
    (tmp_path / "feed.json").write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Pier", "items": items}))
    assert counts(room.desk.add(tmp_path / "feed.json")) == (1, 3, 0, 3, 0, 0)
    assert len(room.said()) == 3
    assert counts(room.desk.add(tmp_path / "feed.json")) == (0, 0, 0, 0, 1, 0)


def test_a_web_address_is_fetched_and_known_the_second_time(room, site):
    page = site.article("/a", "We will speak of it in the spring")
    site.article("/a?utm_source=mail", "We will speak of it in the spring", headers={"x-from": "mail"})
    add = partial(room.desk.add, allow_private=True)
    assert counts(add(page)) == (1, 1, 0, 1, 0, 0)
    assert counts(add(f"{page}?utm_source=mail")) == (1, 0, 0, 0, 0, 0)
    assert [len(room.desk.article(page).texts), room.desk.status().counts["articles"]] == [1, 1]
    assert counts(add(page)) == (0, 0, 0, 0, 1, 0)
    tally = add(site.at("/nowhere"), page)
    assert (counts(tally)[4:], tally.errors[0].item) == ((1, 1), site.at("/nowhere"))


def test_an_address_inside_the_own_network_is_refused_unless_the_user_allows_it(room, site):
    tally = room.desk.add(site.article("/a"))
    assert (counts(tally), site.server.asked) == ((0, 0, 0, 0, 0, 1), [])


def test_bytes_documents_and_texts_are_read(room):
    document = Document(OTHER.encode(), "https://pier.example/d", url="https://pier.example/d", media_type="text/plain")
    assert counts(room.desk.add(STORY.encode(), document)) == (2, 2, 0, 2, 0, 0)
    assert counts(room.desk.add("A text\n\n“It is open,” Vera Lind said.")) == (1, 1, 0, 1, 0, 0)


def test_texts_without_a_name_are_articles_of_their_own(room):
    assert counts(room.desk.add(STORY, OTHER)) == (2, 2, 0, 2, 0, 0)
    assert counts(room.desk.add(STORY.encode(), OTHER.encode())) == (2, 2, 0, 2, 0, 0)
    assert counts(room.desk.add(STORY, OTHER.encode())) == (0, 0, 0, 0, 2, 0)
    assert len(list(room.desk.search())) == 4


def test_a_text_that_the_user_gives_an_address_is_the_article_there(room):
    room.desk.add(STORY, url="https://pier.example/a")
    assert counts(room.desk.add(f"{STORY}\n\nMore to come.", url="https://pier.example/a#now")) == (1, 0, 1, 1, 0, 0)
    assert [t.number for t in room.desk.article("https://pier.example/a").texts] == [1, 2]


def test_a_string_of_one_line_that_is_no_file_is_an_error(room):
    tally = room.desk.add("“We will mend it,” Lena Orsk said.")
    assert [type(e) for e in tally.errors] == [NotFoundError]


@pytest.mark.parametrize("name", ["", "\0", "a" * 5000, "/", "~", "a/../../.."])
def test_names_of_no_article_give_one_error_each(room, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(STORY)
    if name not in ("/", "a/../../.."):
        tally = room.desk.add(name, tmp_path / "a.txt")
        assert (tally.documents, len(tally.errors)) == (1, 1)
    with pytest.raises(UsageError):
        room.desk.article(f"{name}?")


def test_what_cannot_be_read_at_all_is_a_mistake_of_the_caller(room):
    with pytest.raises(UsageError, match="int"):
        room.desk.add(7)
    with pytest.raises(UsageError, match="2026-03-12"):
        room.desk.add(STORY, published="yesterday")


def test_one_file_is_one_article_from_wherever_it_is_named(room, tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path / "deep")
    tally = room.desk.add(tmp_path / "a.txt", "../a.txt", "../link.txt", Path("..") / "deep" / ".." / "a.txt")
    assert counts(tally) == (1, 1, 0, 1, 3, 0)
    assert room.desk.article("../link.txt").source == str(tmp_path / "a.txt")


def test_the_same_bytes_under_two_names_are_two_articles_that_know_each_other(room, tmp_path, article_page):
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(article_page())
    assert counts(room.desk.add(tmp_path)) == (2, 2, 0, 2, 0, 0)
    assert room.desk.article(str(tmp_path / "a.html")).copies == ((str(tmp_path / "b.html"), None),)
    assert room.desk.article(str(tmp_path / "b.html")).copies == ((str(tmp_path / "a.html"), None),)


def test_a_file_that_was_changed_is_a_second_revision(room, tmp_path, clock):
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    room.desk.add(path)
    clock.later(hours=1)
    path.write_text(STORY.replace("mend", "end"))
    assert counts(room.desk.add(path)) == (1, 0, 1, 1, 0, 0)
    assert room.said() == {"“We will end the landing,”"}


def test_adding_everything_again_changes_nothing(room, tmp_path, article_page, clock):
    (tmp_path / "a.html").write_text(article_page())
    (tmp_path / "t.jsonl").write_text(json.dumps({"text": STORY, "title": "x"}) + "\n" + json.dumps({"text": OTHER}) + "\n")
    room.desk.add(tmp_path, STORY)
    before = room.ledger.rows()
    clock.later(days=1)
    assert counts(room.desk.add(tmp_path, STORY)) == (0, 0, 0, 0, 4, 0)
    assert room.ledger.rows() == before


def test_what_the_user_says_goes_before_what_the_page_says(room, tmp_path, article_page):
    head = '<link rel="canonical" href="https://pier.example/said"><meta property="og:site_name" content="Pier"><meta property="article:published_time" content="2026-01-01T10:00:00Z">'
    (tmp_path / "a.html").write_text(article_page(head=head))
    room.desk.add(tmp_path / "a.html")
    assert room.desk.article("https://pier.example/said").outlet == "Pier"
    room.desk.add(tmp_path / "a.html", url="https://quay.example/told", outlet="Quay", published="2026-02-03")
    told = room.desk.article("https://quay.example/told")
    assert (told.outlet, told.texts[0].article.published.date(), told.texts[0].article.published_precision) == ("Quay", date(2026, 2, 3), "day")
    assert [(h.where.outlet, h.where.day) for h in room.desk.search(since="2026-02")] == [("Quay", "2026-02-03")]


def test_results_come_one_by_one_and_a_run_that_is_stopped_goes_on_where_it_was(room):
    texts = [f"Story {n}\n\n“Words of story {n},” Lena Orsk said." for n in range(300)]
    adding = room.desk.adding(*texts)
    first = next(adding)
    assert (first.error, first.added.statements) == (None, 1)
    adding.close()
    kept = room.desk.status().counts["documents"]
    assert 0 < kept < 300
    assert counts(room.desk.add(*texts)) == (300 - kept, 300 - kept, 0, 300 - kept, kept, 0)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda t: f"{t}\n"), st.sampled_from([b"", b"{}", b"<html>", b"\xff\xfe", b"[1"])),
        max_size=5,
    )
)
def test_any_bytes_and_texts_give_an_article_or_one_error_each(room, given_):
    tally = room.desk.add(*given_)
    assert tally.documents + tally.known + len(tally.errors) == len(given_)
    assert all(e.message and e.item for e in tally.errors)


def test_processes_leave_the_same_rows_as_one(tmp_path, clock):
    sources = sorted(EXAMPLES.glob("*.html"))[:2] + sorted(EXAMPLES.glob("*.txt"))[:1]
    assert len(sources) == 3
    rows = []
    for name, count in (("one", 1), ("two", 2)):
        with processes(count) as mapped, Desk(Ledger.open(tmp_path / f"{name}.db", create=True), map=mapped, now=clock.now) as desk:
            tally = desk.add(*sources, tmp_path / "nowhere.txt")
            assert (tally.documents, len(tally.errors)) == (3, 1)
            rows.append(desk.ledger.rows())
    assert rows[0] == rows[1]
    assert rows[0]["statements"]


@pytest.mark.parametrize(
    ("fetched", "said", "kept"),
    [
        ("https://www.lantern.example/story?utm_source=x", "https://lantern.example/story", "https://lantern.example/story"),
        ("https://reprint.co.uk/story", "https://original.com/story", "https://reprint.co.uk/story"),
        ("https://amp.bbc.co.uk/story", "https://www.bbc.co.uk/story", "https://www.bbc.co.uk/story"),
        ("https://lantern.example/story", "https://lantern.example/", "https://lantern.example/story"),
        ("https://one.example/story", "https://two.example/story", "https://one.example/story"),
    ],
)
def test_a_page_is_believed_about_its_address_within_its_own_site(room, article_page, fetched, said, kept):
    page = article_page("We will mend it").replace("<head>", f'<head><link rel="canonical" href="{said}">')
    assert said in page
    room.desk.add(Document(page.encode(), fetched, url=fetched, media_type="text/html"))
    assert [h.source for h in room.desk.search_articles()] == [kept]
