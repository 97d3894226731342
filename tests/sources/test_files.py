import gzip
import io
import struct
import tracemalloc

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import SourceError
from onrecord.sources import files as room
from onrecord.sources import from_file
from onrecord.sources.files import from_member
from onrecord.sources.packed import Unpacked

PAGE = b"<p>The mayor said no.</p>"


def unpacked(content):
    with io.BufferedReader(Unpacked(io.BytesIO(content), name="a")) as stream:
        return stream.read()


@pytest.mark.parametrize("ending", [".zst", ".ZST"])
def test_zstd_is_unpacked_as_gzip_is(tmp_path, ending):
    path = tmp_path / f"a.html{ending}"
    path.write_bytes(zstandard.compress(PAGE))
    found = from_file(path)
    assert (found.content, found.media_type, found.name) == (PAGE, "text/html", str(path))


@pytest.mark.parametrize("content", [b"", b"no zstd", PAGE, zstandard.compress(PAGE)[:-3], gzip.compress(PAGE), zstandard.compress(PAGE) + b"more"])
def test_zstd_that_is_none_or_damaged_is_an_error(tmp_path, content):
    (tmp_path / "a.html.zst").write_bytes(content)
    with pytest.raises(SourceError, match=r"a\.html\.zst: (?:this is no zstd|the zstd is damaged|the file ends inside the zstd)"):
        from_file(tmp_path / "a.html.zst")


def test_zstd_without_a_size_and_in_several_frames_is_whole():
    packer = zstandard.ZstdCompressor(write_content_size=False)
    content = packer.compress(PAGE) + struct.pack("<II", 0x184D2A50, 200_000) + bytes(200_000) + packer.compress(PAGE)
    assert unpacked(content) == PAGE * 2


def test_what_unpacks_to_too_much_is_not_held(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "LARGEST", 2**20)
    (tmp_path / "a.txt.zst").write_bytes(zstandard.compress(bytes(2**28)))
    tracemalloc.start()
    with pytest.raises(SourceError, match="larger than 1 MiB"):
        from_file(tmp_path / "a.txt.zst")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2**26


def test_a_file_inside_another_is_read_by_the_end_of_its_name():
    found = from_member(io.BytesIO(gzip.compress(PAGE)), name="b.zip#x/a.html.gz")
    assert (found.content, found.media_type, found.name) == (PAGE, "text/html", "b.zip#x/a.html.gz")


PACKERS = {"plain": bytes, "gzip": gzip.compress, "zstd": zstandard.compress}


@given(data=st.binary(max_size=5000), packing=st.sampled_from(sorted(PACKERS)), times=st.integers(1, 3))
def test_what_was_packed_comes_back(data, packing, times):
    if packing == "plain" and data[:3] in (b"\x1f\x8b\x08", b"\x28\xb5\x2f"):
        return
    assert unpacked(PACKERS[packing](data * times) if packing == "plain" else PACKERS[packing](data) * times) == data * times


@given(
    data=st.binary(max_size=3000),
    packing=st.sampled_from(["gzip", "zstd"]),
    at=st.integers(0, 5000),
    value=st.integers(0, 255),
    cut=st.integers(0, 30),
)
def test_damaged_bytes_give_bytes_or_one_error(data, packing, at, value, cut):
    content = bytearray(PACKERS[packing](data))
    content[at % len(content)] ^= value
    try:
        unpacked(bytes(content[: len(content) - cut]))
    except SourceError as error:
        assert error.item == "a"
