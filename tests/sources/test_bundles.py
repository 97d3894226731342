import gzip
import io
import json
import pickle
import zipfile

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from test_warc import PAGE, three

from onrecord.articles import read_article
from onrecord.errors import NotFoundError, RefusedError, SourceError, UsageError
from onrecord.sources import Document, Item, expand
from onrecord.sources.bundles import ZipLimits, documents_of

CSV = b"title,text\nBridge opens,The mayor said no.\nFerry closes,The ferryman said yes.\n"


def held(tmp_path, name, content, **options):
    path = tmp_path / name
    path.write_bytes(content)
    (item,) = expand([str(path)], bundles=True, columns=options.pop("columns", None))
    return list(documents_of(item, **options))


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as bundle:
        for name, content in members:
            bundle.writestr(name, content)
    return out.getvalue()


def split(results):
    assert all(isinstance(r, (Document, SourceError)) for r in results)
    return [r for r in results if isinstance(r, Document)], [r for r in results if isinstance(r, SourceError)]


# One named item


def test_a_plain_file_is_one_document(tmp_path):
    for name, content in (("a.html", PAGE), ("a.html.gz", gzip.compress(PAGE)), ("a.html.zst", zstandard.compress(PAGE)), ("a", PAGE)):
        (found,) = held(tmp_path, name, content)
        assert found.content == PAGE


@pytest.mark.parametrize(("name", "pack"), [("a.warc", b"".join), ("a.warc.gz", lambda r: b"".join(map(gzip.compress, r))), ("a.bin", b"".join)])
def test_an_archive_is_its_pages(tmp_path, name, pack):
    assert [d.url for d in held(tmp_path, name, pack(three()))] == [f"https://news.example/{i}" for i in range(3)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.tsv", CSV.replace(b",", b"\t")),
        ("a.jsonl", b'{"title": "Bridge opens", "text": "a"}\n{"title": "Ferry closes", "text": "b"}'),
        ("a.csv.gz", gzip.compress(CSV)),
    ],
)
def test_a_table_is_its_rows(tmp_path, name, content):
    assert [read_article(d).title for d in held(tmp_path, name, content)] == ["Bridge opens", "Ferry closes"]


def test_columns_are_taken_from_the_item(tmp_path):
    first, _ = held(tmp_path, "a.csv", CSV, columns="text=title")
    assert "Bridge opens" in read_article(first).revision.text
    with pytest.raises(UsageError, match="there are: title, text"):
        held(tmp_path, "a.csv", CSV, columns="text=Body")


@pytest.mark.parametrize("name", ["none.txt", "none.csv", "none.warc", "none.zip", "none.jsonl.gz"])
def test_what_is_not_there_is_an_error_that_is_not_raised(name):
    (error,) = documents_of(Item(name, "a"))
    assert isinstance(error, NotFoundError)
    assert name in str(error)


def test_a_page_that_is_refused_is_an_error_that_is_not_raised():
    (error,) = documents_of(Item("http://127.0.0.1:9/a", "a", robots=False))
    assert isinstance(error, RefusedError)


# Zip files


def test_a_zip_file_is_its_articles_and_tables_in_order(tmp_path):
    members = [
        ("b/z.txt", "Words."),
        ("b/a.html", PAGE),
        ("t.csv", CSV),
        ("c.html.gz", gzip.compress(PAGE)),
        ("d.jsonl.zst", zstandard.compress(b'{"text": "x"}')),
    ]
    more = [("picture.png", b"x"), (".hidden/a.html", PAGE), ("__MACOSX/b/._a.html", PAGE), ("empty/", b"")]
    found = held(tmp_path, "a.zip", zipped(members + more))
    assert [d.name.removeprefix(f"{tmp_path}/a.zip#") for d in found] == ["b/a.html", "b/z.txt", "c.html.gz", "d.jsonl.zst#1", "t.csv#2", "t.csv#3"]
    assert [d.media_type for d in found[:3]] == ["text/html", "text/plain", "text/html"]
    assert found[2].content == PAGE


def test_names_in_a_zip_file_are_only_names(tmp_path):
    found = held(tmp_path, "a.zip", zipped([("../../up.html", PAGE), ("/root.html", PAGE), ("C:\\x.html", PAGE), ("a\x1b[31m.html", PAGE)]))
    assert len(found) == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]
    assert not any("\x1b" in d.name for d in found)


def test_columns_hold_for_tables_in_a_zip_file(tmp_path):
    with pytest.raises(UsageError, match="there are: title, text"):
        held(tmp_path, "a.zip", zipped([("t.csv", CSV)]), columns="text=Body")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_cannot_be_bounded_are_not_read(tmp_path, method):
    (error,) = held(tmp_path, "a.zip", zipped([("a.html", PAGE)], method))
    assert "not read" in str(error)


def test_an_encrypted_file_is_an_error(tmp_path):
    content = bytearray(zipped([("a.html", PAGE)]))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (error,) = held(tmp_path, "a.zip", bytes(content))
    assert "encrypted" in str(error)


def test_a_damaged_file_costs_itself(tmp_path):
    content = bytearray(zipped([("a.html", PAGE), ("b.html", PAGE), ("c.html", PAGE)]))
    content[content.index(b"b.html") + 20] ^= 0x55
    found, errors = split(held(tmp_path, "a.zip", bytes(content)))
    assert [d.name[-6:] for d in found] == ["a.html", "c.html"]
    assert "a.zip#b.html" in str(errors[0])


def test_a_zip_file_without_articles_or_that_is_none(tmp_path):
    assert "no articles" in str(held(tmp_path, "a.zip", zipped([("a.png", b"x")]))[0])
    assert "no articles" in str(held(tmp_path, "a.zip", zipped([]))[0])
    for content in (b"", b"no zip", zipped([("a.html", PAGE)])[:-30]):
        (error,) = held(tmp_path, "a.zip", content)
        assert "cannot be read" in str(error)


def test_limits_of_a_zip_file(tmp_path):
    many = zipped([(f"{i}.html", PAGE) for i in range(5)])
    (error,) = held(tmp_path, "a.zip", many, limits=ZipLimits(members=4))
    assert "more than 4 files" in str(error)
    found, errors = split(held(tmp_path, "a.zip", many, limits=ZipLimits(total=3 * len(PAGE))))
    assert (len(found), len(errors)) == (3, 1)
    assert "the rest is not read" in str(errors[0])


@pytest.mark.parametrize("name", ["bomb.txt", "bomb.csv", "bomb.jsonl"])
def test_a_zip_bomb_is_an_error(tmp_path, name):
    found, errors = split(held(tmp_path, "a.zip", zipped([("a.html", PAGE), (name, bytes(30 * 2**20)), ("c.html", PAGE)])))
    assert len(found) == 2
    assert any("200 times larger" in str(e) for e in errors)


# Names


def test_folders_give_bundles_only_where_asked_for(tmp_path):
    for name in ("a.html", "b.warc.gz", "c.csv", "d.zip", "e.jsonl.zst", "f.warc", "g.warc.zst", "h.ndjson", "i.tsv", "x.png"):
        (tmp_path / name).write_bytes(b"x")
    assert [i.stem for i in expand([str(tmp_path)])] == ["a"]
    items = expand([str(tmp_path)], bundles=True, columns="text=Body")
    assert [i.stem for i in items] == list("abcdefghi")
    assert {i.columns for i in items} == {"text=Body"}
    assert pickle.loads(pickle.dumps(items)) == items  # noqa: S301 - our own bytes
    assert expand(["c.warc.gz"])[0].stem == "c.warc"
    assert expand(["c.warc.gz"], bundles=True)[0].stem == "c"


def test_a_folder_without_anything_says_what_would_be_read(tmp_path):
    with pytest.raises(NotFoundError, match=r"\.warc"):
        expand([str(tmp_path)], bundles=True)


# Any bytes


@given(content=st.binary(max_size=300), name=st.sampled_from(["a.zip", "a.csv", "a.jsonl", "a.warc", "a.warc.gz", "a.ndjson.gz", "a.html.zst"]))
def test_any_bytes_give_documents_or_errors(content, name, tmp_path_factory):
    split(held(tmp_path_factory.mktemp("any"), name, content))


SOUND = zipped([("a.html", PAGE), ("t.csv", CSV), ("j.jsonl", json.dumps({"text": "x"})), ("b.txt", "words")])


@given(changes=st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=6), cut=st.integers(0, 60))
def test_a_damaged_zip_file_gives_documents_or_errors(changes, cut, tmp_path_factory):
    content = bytearray(SOUND)
    for at, value in changes:
        content[at] = value
    results = held(tmp_path_factory.mktemp("any"), "a.zip", bytes(content[: len(content) - cut]))
    split(results)
    assert results
