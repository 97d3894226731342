import gzip
import io
import pickle
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import NotFoundError, SourceError
from onrecord.sources import expand, from_file, from_stdin, from_text
from onrecord.sources import files as room


def test_a_folder_gives_its_articles_at_any_depth(tmp_path):
    for name in ("b.txt", "a.html", "sub/a.html", "sub/c.md.gz", ".hidden/x.txt", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert [i.stem for i in expand([str(tmp_path)])] == ["a", "b", "sub/a", "sub/c"]


def test_a_folder_without_articles(tmp_path):
    (tmp_path / "picture.png").write_bytes(b"x")
    with pytest.raises(NotFoundError, match=r"\.html"):
        expand([str(tmp_path)])


def test_an_empty_folder_beside_others_fails_only_when_loaded(tmp_path):
    (tmp_path / "empty").mkdir()
    first, _ = expand([str(tmp_path / "empty"), "-"])
    with pytest.raises(NotFoundError, match=r"\.html"):
        first.load()


def test_where_the_output_goes_is_not_read(tmp_path):
    for name in ("a.html", "out/a.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert [i.stem for i in expand([str(tmp_path)], skip=tmp_path / "out")] == ["a"]


def test_an_address_that_is_none_fails_only_when_loaded():
    (item,) = expand(["http://[bad"])
    with pytest.raises(SourceError):
        item.load()


def test_a_missing_file_fails_only_when_loaded():
    first, second = expand(["nowhere.txt", "-"])
    assert second.stem == "stdin"
    with pytest.raises(NotFoundError, match=r"nowhere\.txt"):
        first.load()


def test_stems_differ_whatever_the_case():
    names = ["x/a.html", "y/A.html", "y/a.txt", "https://news.example/2026/a.html", "https://news.example/"]
    assert [i.stem for i in expand(names)] == ["a", "A-2", "a-3", "a-4", "news.example"]


@given(st.lists(st.text(min_size=1), max_size=8))
def test_stems_are_safe_and_all_different(names):
    items = expand([n.replace("\0", "") + ".html" for n in names])
    for item in items:
        path = PurePosixPath(item.stem)
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert item.stem
        assert "\\" not in item.stem
    assert len({i.stem.casefold() for i in items}) == len(items)
    assert pickle.loads(pickle.dumps(items)) == items  # noqa: S301 - our own bytes


def test_gzip(tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>x</p>"))
    found = from_file(tmp_path / "a.html.gz")
    assert (found.content, found.media_type) == (b"<p>x</p>", "text/html")
    (tmp_path / "b.html.gz").write_bytes(b"no gzip")
    with pytest.raises(SourceError, match="damaged"):
        from_file(tmp_path / "b.html.gz")


def test_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "LARGEST", 10)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a" * 1000))
    with pytest.raises(SourceError, match="larger"):
        from_file(tmp_path / "a.txt.gz")
    with pytest.raises(SourceError, match="larger"):
        from_stdin(io.BytesIO(b"a" * 11))


@given(st.text(st.characters(codec=None)))
def test_a_string_comes_back_as_it_was(text):
    assert from_text(text).content.decode("utf-8", "surrogatepass") == text


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(SourceError, match="folder"):
        from_file(tmp_path)


def test_a_folder_gives_articles_packed_either_way(tmp_path):
    for name in ("a.html.gz", "b.txt.zst", "c.zst", "d.csv"):
        (tmp_path / name).write_bytes(b"x")
    assert [i.stem for i in expand([str(tmp_path)])] == ["a", "b"]


@given(st.lists(st.text(min_size=1), max_size=8), st.sampled_from([".warc.gz", ".csv", ".jsonl.zst", ".zip", ".html"]))
def test_stems_of_bundles_are_safe_and_all_different(names, ending):
    items = expand([n.replace("\0", "") + ending for n in names], bundles=True)
    assert len({i.stem.casefold() for i in items}) == len(items)
    assert not any(PurePosixPath(i.stem).is_absolute() or ".." in PurePosixPath(i.stem).parts for i in items)
