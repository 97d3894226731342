import codecs
import csv
import gzip
import io
import json
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from onrecord.articles import Kind, read_article
from onrecord.errors import NotFoundError, SourceError, UsageError
from onrecord.sources import csv_rows
from onrecord.sources.columns import Columns, guess_columns, parse_columns
from onrecord.sources.table_dates import DateReader
from onrecord.sources.tables import Row, articles_in, is_table

STORY = "The mayor of Tarn said the bridge would open in May.\n“We are ready,” she said."


def read(tmp_path, content, name="t.csv", columns=None):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(articles_in(path, columns))


def split(results):
    assert all(isinstance(r, (Row, SourceError)) for r in results)
    return [r for r in results if isinstance(r, Row)], [r for r in results if isinstance(r, SourceError)]


def table(rows, **options):
    out = io.StringIO(newline="")
    csv.writer(out, **options).writerows(rows)
    return out.getvalue()


def words(row):
    article = read_article(row.document)
    return [article.revision.text[p.start : p.end] for p in article.revision.paragraphs if p.kind is not Kind.HEADLINE]


# What a row becomes


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.jsonl"])
def test_the_article_is_exactly_what_the_row_says(tmp_path, name):
    cells = {
        "Headline": "Bridge opens & stays open",
        "Byline": "Ann Author",
        "Publication": "Tarn Courier",
        "Date": "2025-03-01",
        "URL": "https://news.example/a",
        "Body": STORY,
    }
    content = json.dumps(cells) if name.endswith("jsonl") else table([list(cells), list(cells.values())], delimiter="\t" if name.endswith("tsv") else ",")
    (row,) = read(tmp_path, content, name)
    assert (row.title, row.byline, row.outlet, row.published, row.url) == (
        "Bridge opens & stays open",
        "Ann Author",
        "Tarn Courier",
        date(2025, 3, 1),
        cells["URL"],
    )
    assert row.name == row.document.name == f"{tmp_path}/{name}#{1 if name.endswith('jsonl') else 2}"
    article = read_article(row.document)
    assert (article.title, article.byline, article.outlet, article.url) == (row.title, row.byline, row.outlet, row.url)
    assert (article.published, article.published_precision) == (datetime(2025, 3, 1), "day")  # noqa: DTZ001 - none is stated
    assert words(row) == STORY.split("\n")
    assert article.revision.text == "\n\n".join([row.title, *STORY.split("\n")])


_inline = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<>&"), min_size=1).map(lambda w: f"Word {w} word.")


@given(line=st.tuples(_inline, _inline, _inline), paragraphs=st.lists(_inline, min_size=1), seconds=st.integers(10**9, 4 * 10**9))
def test_nothing_of_a_row_is_lost_or_changed(line, paragraphs, seconds, tmp_path_factory):
    (title, outlet, byline), when = line, datetime.fromtimestamp(seconds, UTC)
    text = "\n\n".join(paragraphs)
    content = table([["headline", "source", "author", "date", "text"], [title, outlet, byline, when.isoformat(), text]])
    (row,) = read(tmp_path_factory.mktemp("t"), content)
    article = read_article(row.document)
    assert (article.title, article.outlet, article.byline, article.published) == (title, outlet, byline, when)
    found = article.revision.text
    assert found.removeprefix(title + "\n\n") == text or found == text


def test_a_row_without_anything_but_words_says_nothing_else(tmp_path):
    (row,) = read(tmp_path, table([["text", "title", "date", "author", "url"], [STORY, " ", "NA", "nan", "not an address"]]))
    assert (row.title, row.published, row.byline, row.url, row.outlet) == (None,) * 5
    article = read_article(row.document)
    assert (article.title, article.published, article.byline, article.outlet) == (None,) * 4
    assert article.source == row.name


def test_html_in_a_row_is_read_as_html(tmp_path):
    one, two, page = read(
        tmp_path,
        table(
            [
                ["title", "text", "html"],
                ["Bridge", "", "<p>First &amp; only.</p><p>Second.</p>"],
                ["Bridge", "<p>First &amp; only.</p><p>Second.</p>", ""],
                ["Bridge", "", "<!DOCTYPE html><html><body><article><p>Whole page, with a sentence.</p></article></body></html>"],
            ]
        ),
    )
    assert words(one) == words(two) == ["First & only.", "Second."]
    assert page.document.media_type == "text/html"
    assert b"DOCTYPE" in page.document.content


def test_less_than_in_a_text_is_no_markup(tmp_path):
    (row,) = read(tmp_path, table([["title", "text"], ["Bridge", "Costs were < 5 million & rose."]]))
    assert words(row) == ["Costs were < 5 million & rose."]


# Columns


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["Headline", "Publication", "Date", "Byline", "Body", "Section"], Columns("Body", "Headline", None, "Date", "Publication", "Byline")),
        (["AN", "HD", "BY", "PD", "SN", "LP", "TD", "WC"], Columns("LP+TD", "HD", None, "PD", "SN", "BY", "AN")),
        (
            ["stories_id", "publish_date", "title", "url", "media_name", "media_url", "text"],
            Columns("text", "title", "url", "publish_date", "media_name", None, "stories_id"),
        ),
        (
            ["uri", "date", "time", "dateTime", "dateTimePub", "url", "title", "body", "source", "source.title", "authors"],
            Columns("body", "title", "url", "dateTimePub", "source.title", "authors", "uri"),
        ),
        (
            ["headline", "articleBody", "datePublished", "publisher", "publisher.name", "author", "url"],
            Columns("articleBody", "headline", "url", "datePublished", "publisher", "author"),
        ),
        (["DATE", "SourceCommonName", "DocumentIdentifier", "Full Text"], Columns("Full Text", None, "DocumentIdentifier", "DATE", "SourceCommonName")),
        (["Article_Text", "ARTICLE TITLE"], Columns("Article_Text", "ARTICLE TITLE")),
        (["raw_html", "link"], Columns(None, url="link", html="raw_html")),
        (["Text", "text"], Columns("Text")),
    ],
)
def test_columns_are_told_by_the_names_databases_give_them(header, found):
    assert guess_columns(header) == found


def test_a_table_without_a_text_says_what_columns_there_are(tmp_path):
    with pytest.raises(UsageError, match="there are: id, title, url"):
        guess_columns(["id", "title", "url"])
    for name, content in (("t.csv", "id,title,url\n1,a,b\n"), ("t.jsonl", '{"id": 1, "title": "a", "url": "b"}\n' * 3)):
        (error,) = read(tmp_path, content, name)
        assert "there are: id, title, url" in str(error)


def test_columns_as_a_user_names_them(tmp_path):
    assert parse_columns("text=Body, title=Headline,published=Date") == Columns("Body", "Headline", published="Date")
    assert parse_columns('"text=Body, in full",title = A=B') == Columns("Body, in full", "A=B")
    assert parse_columns("text=body,title=head_line", header=["Body", "Head Line"]) == Columns("Body", "Head Line")
    assert parse_columns("text=LP + TD", header=["lp", "td"]) == Columns("lp+td")
    assert parse_columns("text=LP+TD", header=["LP+TD", "LP", "TD"]) == Columns("LP+TD")
    (row,) = read(tmp_path, table([["A", "B", "text"], ["Title of it", STORY, "no"]]), columns="text=b,title=a")
    assert (row.title, words(row)) == ("Title of it", STORY.split("\n"))


@pytest.mark.parametrize("spec", ["", ",", "title=A", "text", "text=", "=x", "what=A", "text=A,text=B", 'text=A\nB,"', "\0"])
def test_columns_that_are_none_are_an_error_that_says_the_form(spec):
    with pytest.raises(UsageError, match=r"as in text=|it can be text|text=LP"):
        parse_columns(spec)


@given(st.text())
def test_any_string_gives_columns_or_one_error(spec):
    try:
        assert parse_columns(spec).text or parse_columns(spec).html
    except UsageError as error:
        assert error.hint


@pytest.mark.parametrize(("name", "content"), [("t.csv", "Body,Head\na,b\n"), ("t.jsonl", '{"Body": "a", "Head": "b"}')])
def test_a_named_column_that_is_not_there_is_an_error_that_lists_those_that_are(tmp_path, name, content):
    with pytest.raises(UsageError, match=r"no column 'Text'.*there are: Body, Head"):
        read(tmp_path, content, name, "text=Text")


def test_a_text_in_two_columns_is_put_together_and_not_twice(tmp_path):
    one, two = read(
        tmp_path,
        table([["HD", "LP", "TD"], ["Bridge", "The lead is here.", "The rest is there."], ["Bridge", "The lead\nis here.", "The lead is here. And more."]]),
    )
    assert words(one) == ["The lead is here.", "The rest is there."]
    assert words(two) == ["The lead is here. And more."]


def test_lines_of_json_need_not_have_the_same_columns(tmp_path):
    content = '{"title": "First of them", "text": "One."}\n{"headline": "Second of them", "body": "Two.", "source": {"name": "Courier"}}\n{"id": 3}\n'
    one, two, error = read(tmp_path, content, "t.jsonl")
    assert (one.title, words(one)) == ("First of them", ["One."])
    assert (two.title, two.outlet, words(two)) == ("Second of them", "Courier", ["Two."])
    assert "no text" in str(error)
    assert "t.jsonl#3" in str(error)


def test_values_inside_json(tmp_path):
    value = {
        "body": ["First.", "Second."],
        "source": {"uri": "c.example", "title": "Courier"},
        "authors": [{"name": "Ann Author"}, {"name": "Bob Baker"}],
        "dateTimePub": "2025-03-01T10:20:30Z",
        "title": "Half a pair \ud83d here",
        "url": "https://news.example/a",
    }
    (row,) = read(tmp_path, json.dumps(value), "t.ndjson")
    assert (row.outlet, row.byline, row.published) == ("Courier", "Ann Author, Bob Baker", datetime(2025, 3, 1, 10, 20, 30, tzinfo=UTC))
    assert row.title == "Half a pair � here"
    article = read_article(row.document)
    assert (article.byline, article.title, article.published_precision) == (row.byline, row.title, "second")
    assert words(row) == ["First.", "Second."]


def test_a_list_on_one_line_is_as_many_rows(tmp_path):
    assert len(read(tmp_path, json.dumps([{"text": "One."}, {"text": "Two."}]), "t.jsonl")) == 2


# Forms


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told(tmp_path, delimiter):
    rows = [["Title", "Date", "Text"], ["a, b; c", "2025-03-01", 'He said, "no"; she, "yes".\nThen\tleft.'], ["d", "2025-03-02", "Words, words; words."]]
    found = read(tmp_path, table(rows, delimiter=delimiter))
    assert [(r.title, str(r.published)) for r in found] == [("a, b; c", "2025-03-01"), ("d", "2025-03-02")]
    assert words(found[0]) == ['He said, "no"; she, "yes".', "Then\tleft."]


def test_a_first_line_that_names_the_delimiter(tmp_path):
    (row,) = read(tmp_path, 'sep=;\r\ntitle;text\r\n"a";"b, c"\r\n')
    assert (row.title, words(row), row.name[-2:]) == ("a", ["b, c"], "#3")


ENCODED = {
    "utf-8": "utf-8",
    "utf-8 with a mark": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
    "windows-1252": "cp1252",
}


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
@pytest.mark.parametrize("encoding", ENCODED)
def test_encodings_are_told(tmp_path, encoding, name):
    cells = {"title": "Café “Zoë” opens", "text": "Mr Müller said “no” – twice."}
    content = json.dumps(cells, ensure_ascii=False) + "\n" if name.endswith("jsonl") else table([list(cells), list(cells.values())])
    (row,) = read(tmp_path, content.encode(ENCODED[encoding]), name)
    assert (row.title, words(row)) == ("Café “Zoë” opens", ["Mr Müller said “no” – twice."])


def test_big_endian_with_a_mark(tmp_path):
    (row,) = read(tmp_path, codecs.BOM_UTF16_BE + "title,text\na,“b”\n".encode("utf-16-be"))
    assert words(row) == ["“b”"]


def test_lines_of_another_encoding_do_not_spoil_the_rest(tmp_path):
    found = read(tmp_path, b"title,text\n" + "a,“b”\n".encode() + "c,“d”\n".encode("cp1252") + "e,“f”\n".encode())
    assert [words(r) for r in found] == [["“b”"], ["“d”"], ["“f”"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(tmp_path, end):
    found = read(tmp_path, end.join(["title,text", 'a,"b', 'c"', "", "d,e"]) + end)
    assert [(r.title, words(r), r.name.rsplit("#")[1]) for r in found] == [("a", ["b", "c"], "2"), ("d", ["e"], "5")]


def test_nul_bytes_are_left_out(tmp_path):
    found = read(tmp_path, b"title,text\na\0,b\0c\n\0\0\nd,e\n")
    assert [(r.title, words(r)) for r in found] == [("a", ["bc"]), ("d", ["e"])]


def test_quotation_marks_escaped_by_a_backslash(tmp_path):
    found = read(tmp_path, 'title,text,date\na,"He said \\"no, never\\" again.",2025-03-01\nb,"\\"Yes\\", she said.",""\n')
    assert [words(r) for r in found] == [['He said "no, never" again.'], ['"Yes", she said.']]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_packed_tables(tmp_path, name, ending):
    content = (b"title,text\na,b\n" if name == "t.csv" else b'{"title": "a", "text": "b"}\n') + (b"" if name == "t.jsonl" else b"c,d\n")
    packed = gzip.compress(content) if ending == ".gz" else zstandard.compress(content)
    assert words(read(tmp_path, packed, name + ending)[0]) == ["b"]
    _, errors = split(read(tmp_path, packed[:-5], name + ending))
    assert any("ends inside" in str(e) or "damaged" in str(e) for e in errors)


def test_a_table_is_told_by_its_name():
    assert all(map(is_table, ["a.csv", "a.CSV", "a.tsv.gz", "a.jsonl.zst", "b/a.ndjson"]))
    assert not any(map(is_table, ["a.json", "a.csv.txt", "csv", "a.gz"]))


def test_large_fields_are_read_and_the_limit_of_others_stays(tmp_path):
    before = csv.field_size_limit()
    text = "Words and words. " * 60_000
    found = articles_in(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_text(table([["title", "text"], ["a", text], ["b", text]]))
    assert len(next(found).document.content) > 1_000_000
    assert csv.field_size_limit() == before
    assert len(list(found)) == 1
    assert csv.field_size_limit() == before


# Damage


def test_a_file_that_is_none_or_empty(tmp_path):
    (error,) = articles_in(tmp_path / "none.csv")
    assert isinstance(error, NotFoundError)
    for name, content in (("t.csv", ""), ("t.csv", "\n\n"), ("t.jsonl", ""), ("t.csv", "title,text\n")):
        (error,) = read(tmp_path, content, name)
        assert "no rows" in str(error) or "no column" in str(error)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("x,y,too,many\n", "4 fields"),
        ("x\n", "ends early"),
        ("x,,2025-03-01\n", "no text"),
        ("x,words that end\n", "ends early"),
    ],
)
def test_a_bad_row_is_an_error_with_its_line_and_the_rest_is_read(tmp_path, bad, what):
    results = read(tmp_path, "title,text,date\na,b,2025-03-01\n" + bad + "c,d,2025-03-02\n")
    found, (error,) = split(results)
    assert [r.title for r in found] == ["a", "c"]
    assert what in str(error)
    assert "t.csv#3" in str(error)


def test_fields_that_are_missing_after_the_text_or_empty_beyond_the_columns_do_no_harm(tmp_path):
    found, errors = split(read(tmp_path, "title,text,date,author,section\na,b,2025-03-01\nc,d,2025-03-02,e,f,,\n"))
    assert not errors
    assert [(r.title, r.byline) for r in found] == [("a", None), ("c", "e")]


@pytest.mark.parametrize("last", ["", 'g,"h\ni",2025-03-04\n'])
def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path, last):
    content = 'title,text,date\na,b,2025-03-01\nx,"never closed,2025-03-01\nc,d,2025-03-02\n"e","f, f",2025-03-03\n' + last
    found, errors = split(read(tmp_path, content))
    assert [r.title for r in found] == ["a", "c", "e", *(["g"] if last else [])]
    assert len(errors) == 1
    assert "t.csv#3" in str(errors[0])


def test_a_file_that_ends_inside_a_row_says_so(tmp_path):
    found, errors = split(read(tmp_path, 'title,text\na,b\nc,"d and'))
    assert [r.title for r in found] == ["a"]
    assert "ends inside" in str(errors[0])


def test_inches_are_no_quotation(tmp_path):
    found, errors = split(read(tmp_path, 'title,text\na,The pipe is 5" wide\nb,"c"\n'))
    assert not errors
    assert words(found[0]) == ['The pipe is 5" wide']


@pytest.mark.parametrize("bad", ["{", "[1]", '"a"', "5", "nothing", '{"text": "a"} more', "[" * 100_000, "9" * 10_000])
def test_a_line_that_is_no_object_is_an_error_and_the_rest_is_read(tmp_path, bad):
    found, errors = split(read(tmp_path, '{"text": "One."}\n' + bad + '\n\n{"text": "Two."}\n', "t.jsonl"))
    assert [words(r) for r in found] == [["One."], ["Two."]]
    assert all("t.jsonl#2" in str(e) for e in errors)
    assert len(errors) == 1


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_a_row_that_is_too_long_costs_itself(tmp_path, name, monkeypatch):
    monkeypatch.setattr(csv_rows, "LONGEST", 1000)
    if name == "t.csv":
        content = "title,text\na,b\nc," + "d" * 5000 + "\ne,f\n"
    else:
        content = '{"title": "a", "text": "b"}\n{"text": "' + "d" * 5000 + '"}\n{"title": "e", "text": "f"}\n'
    found, errors = split(read(tmp_path, content, name))
    assert [r.title for r in found] == ["a", "e"]
    assert len(errors) == 1
    assert f"{name}#{3 if name == 't.csv' else 2}" in str(errors[0])


def test_a_first_line_that_cannot_be_read_is_the_one_error(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_rows, "LONGEST", 1000)
    for first in ("text," * 300, 'title,"text'):
        (error,) = read(tmp_path, first + "\na,b\n")
        assert "first line" in str(error)


def test_what_is_no_table_is_given_up(tmp_path):
    results = read(tmp_path, "{\n" * 5000, "t.jsonl")
    assert len(results) == 1001
    assert "the rest of the table is not" in str(results[-1])


def test_memory_stays_small_however_many_rows(tmp_path):
    def peak(count):
        (tmp_path / "t.csv").write_text(table([["title", "text"], *([f"Title {i}", STORY * 20] for i in range(count))]))
        tracemalloc.start()
        assert sum(isinstance(r, Row) for r in articles_in(tmp_path / "t.csv")) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(1500) < peak(300) + 2**20


# Days


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2025-03-01", date(2025, 3, 1)),
        ("20250301", date(2025, 3, 1)),
        ("20250301101500", datetime(2025, 3, 1, 10, 15)),  # noqa: DTZ001
        ("2025-03-01 10:15", datetime(2025, 3, 1, 10, 15)),  # noqa: DTZ001
        ("2025-03-01T10:15:00+02:00", datetime(2025, 3, 1, 10, 15, tzinfo=timezone(timedelta(hours=2)))),
        ("1740823200", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        (1740823200000, datetime(2025, 3, 1, 10, tzinfo=UTC)),
        (1740823200.0, datetime(2025, 3, 1, 10, tzinfo=UTC)),
        ("March 1, 2025 Saturday", date(2025, 3, 1)),
        ("1 March 2025", date(2025, 3, 1)),
        ("March 1, 2025 Saturday 10:15 AM EST", datetime(2025, 3, 1, 10, 15, tzinfo=timezone(timedelta(hours=-5)))),
        ("Sat, 01 Mar 2025 10:15:30 +0000", datetime(2025, 3, 1, 10, 15, 30, tzinfo=UTC)),
        ("2025/3/1", date(2025, 3, 1)),
        ("31/03/2025", date(2025, 3, 31)),
        ("03/31/2025 10:15 AM", datetime(2025, 3, 31, 10, 15)),  # noqa: DTZ001
        ("31.3.25", date(2025, 3, 31)),
        ("04/04/2025", date(2025, 4, 4)),
        ("03/04/2025", None),
        ("03/04/2025 10:15", None),
        ("March 2025", None),
        ("Saturday", None),
        ("2025", None),
        ("31/31/2025", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
    ],
)
def test_dates_as_tables_write_them(cell, found):
    assert DateReader().read(cell) == found


def test_what_a_column_tells_of_day_and_month(tmp_path):
    for other, found in (("31/01/2025", date(2025, 4, 3)), ("01/31/2025", date(2025, 3, 4)), ("01/02/2025", None)):
        row, _ = read(tmp_path, f"text,date\na,03/04/2025\nb,{other}\n")
        assert row.published == found
    assert DateReader.learned(["31/01/2025", "01/31/2025"]).day_first is None


@given(st.one_of(st.text(), st.from_regex(r"\A[0-9/.: +\-TZAPMamp]{1,30}\Z"), st.floats(), st.integers()))
def test_any_cell_gives_a_date_or_nothing(cell):
    assert isinstance(DateReader.learned([cell]).read(cell), (datetime, date, type(None)))


# Any bytes


PIECES = st.sampled_from(
    [
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\r\n",
        b";",
        b"\t",
        b"title,text\n",
        b"text;date\n",
        b'"a\nb"',
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'{"text": "a"}\n',
        b"{",
        b"[",
        b"\\",
        b"sep=;\n",
        b"\xe2\x80",
        b"2025-03-01",
        gzip.compress(b"text\na\n"),
    ]
)


@given(
    content=st.one_of(st.binary(max_size=200), st.lists(st.one_of(PIECES, st.binary(max_size=6)), max_size=40).map(b"".join)),
    name=st.sampled_from(["a.csv", "a.tsv.gz", "a.jsonl", "a.ndjson.zst"]),
)
def test_any_bytes_give_rows_or_errors(content, name, tmp_path_factory):
    results = read(tmp_path_factory.mktemp("any"), content, name)
    split(results)
    assert results


@given(
    rows=st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_no_row_of_a_sound_table_is_lost(rows, delimiter, encoding, tmp_path_factory):
    clean = [[" ".join("".join(c for c in cell if c.isalnum() or c in "\",;\t\n'").split(" ")) + "x" for cell in row] for row in rows]
    results = read(tmp_path_factory.mktemp("t"), table([["title", "text"], *clean], delimiter=delimiter).encode(encoding, "replace"))
    found, errors = split(results)
    assert not errors
    assert len(found) == len(rows)
