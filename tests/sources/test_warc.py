import gzip
import re
import struct
import tracemalloc
import zlib
from collections import Counter
from datetime import UTC, datetime

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import NotFoundError, SourceError
from onrecord.sources.document import Document
from onrecord.sources.warc import WarcLimits, documents_in, is_warc

PAGE = b"<html><body><p>The mayor of Tarn said the bridge would open in May.</p></body></html>"
DATE = "2025-03-01T12:00:00Z"


def raw(block, **headers):
    head = {"WARC_Type": "response", "WARC_Target_URI": "https://news.example/r", "WARC_Date": DATE, **headers}
    lines = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in head.items())
    return b"WARC/1.0\r\n" + lines.encode() + b"Content-Length: %d\r\n\r\n" % len(block) + block + b"\r\n\r\n"


def record(url="https://news.example/a", body=PAGE, *, kind="response", status="200 OK", http=(("Content-Type", "text/html; charset=utf-8"),), **warc):
    """One record, not packed."""
    head = "".join([f"HTTP/1.1 {status}\r\n", *(f"{k}: {v}\r\n" for k, v in http), "\r\n"]).encode() if kind in ("response", "revisit") else b""
    return raw(head + body, WARC_Type=kind, WARC_Target_URI=url, **warc)


def info():
    return raw(b"a: b\r\n", WARC_Type="warcinfo")


def three():
    return [record(f"https://news.example/{i}", PAGE + str(i).encode()) for i in range(3)]


def read(tmp_path, content, name="a.warc", **options):
    (tmp_path / name).write_bytes(content)
    return list(documents_in(tmp_path / name, **options))


def split(results):
    return [r for r in results if isinstance(r, Document)], [r for r in results if isinstance(r, SourceError)]


def zst(pieces, dictionary=None):
    packer = zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True)
    return b"".join(packer.compress(p) for p in pieces)


PACKED = {
    "plain": b"".join,
    "gzip": lambda records: b"".join(gzip.compress(r) for r in records),
    "one gzip member": lambda records: gzip.compress(b"".join(records)),
    "gzip cut anywhere": lambda records: b"".join(gzip.compress(b"".join(records)[i : i + 97]) for i in range(0, len(b"".join(records)), 97)),
    "zstd": zst,
    "one zstd frame": lambda records: zst([b"".join(records)]),
}


@pytest.mark.parametrize("packing", PACKED)
def test_pages_come_in_order_however_they_are_packed(tmp_path, packing):
    found, errors = split(read(tmp_path, PACKED[packing]([info(), *three()])))
    assert not errors
    assert [d.url for d in found] == [f"https://news.example/{i}" for i in range(3)]
    assert [d.content for d in found] == [PAGE + str(i).encode() for i in range(3)]
    assert len({d.name for d in found}) == 3


def test_a_document_has_all_that_the_visit_says(tmp_path):
    (found,) = read(tmp_path, record(http=[("Content-Type", 'text/html; charset="windows-1252"'), ("ETag", '"1"'), ("Vary", "a"), ("Vary", "b")]))
    assert (found.media_type, found.charset, found.url) == ("text/html", "windows-1252", "https://news.example/a")
    assert found.fetched == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert (found.headers["etag"], found.headers["vary"]) == ('"1"', "a, b")


def test_a_place_is_the_byte_where_the_record_can_be_read_again(tmp_path):
    records = [gzip.compress(r) for r in three()]
    found = read(tmp_path, b"".join(records))
    assert [d.name.rsplit("#", 1)[1] for d in found] == [str(sum(map(len, records[:i]))) for i in range(3)]
    plain = three()
    found = read(tmp_path, b"".join(plain))
    assert [d.name.rsplit("#", 1)[1] for d in found] == [str(sum(map(len, plain[:i]))) for i in range(3)]


def test_what_is_no_page_is_passed_over_and_counted(tmp_path):
    skipped = Counter()
    content = b"".join(
        [
            info(),
            record(kind="revisit"),
            record(kind="request", body=b"GET / HTTP/1.1\r\n\r\n"),
            record(status="404 Not Found"),
            record(status="301 Moved"),
            record(http=[("Content-Type", "image/png")], body=b"\x89PNG"),
            record(http=[("Content-Type", "text/css")], body=b"p {}"),
            record(body=b" \n"),
            record("https://news.example/robots.txt", http=[("Content-Type", "text/plain")]),
            record("dns:news.example", kind="resource", Content_Type="text/dns"),
            record(),
        ]
    )
    (found,) = read(tmp_path, content, skipped=skipped)
    assert found.content == PAGE
    assert skipped == {"warcinfo": 1, "revisit": 1, "request": 1, "status": 2, "media type": 3, "empty": 1, "robots.txt": 1}


def test_resources_and_conversions_are_pages(tmp_path):
    text = "The mayor said “no”.".encode()
    content = record(kind="resource", body=PAGE, Content_Type="text/html") + record(kind="conversion", body=text, Content_Type="text/plain")
    page, words = read(tmp_path, content)
    assert (page.content, page.media_type) == (PAGE, "text/html")
    assert (words.content, words.media_type) == (text, "text/plain")


def test_where_the_server_names_no_type_the_archive_or_the_first_bytes_do(tmp_path):
    content = record(http=[]) + record(http=[], WARC_Identified_Payload_Type="text/html") + record(http=[], body=b"\x00\x01")
    assert [d.media_type for d in read(tmp_path, content)] == [None, "text/html"]


def chunked(data, size=10):
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\nTrailer: x\r\n\r\n"


def deflated(data, bits):
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(data) + packer.flush()


CODED = {
    "gzip": gzip.compress(PAGE),
    "gzip ": gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]),
    "x-gzip": gzip.compress(PAGE),
    "deflate": deflated(PAGE, 15),
    "Deflate": deflated(PAGE, -15),
    "zstd": zstandard.compress(PAGE),
    "deflate, gzip": gzip.compress(deflated(PAGE, 15)),
    "identity": PAGE,
    "br": PAGE,
    "GZIP": PAGE,
}


@pytest.mark.parametrize("transfer", ["", "chunked"])
@pytest.mark.parametrize("coding", CODED)
def test_codings_are_undone_and_those_that_are_not_there_are_not(tmp_path, coding, transfer):
    body = chunked(CODED[coding]) if transfer else CODED[coding]
    http = [("Content-Type", "text/html"), ("Content-Encoding", coding), ("Transfer-Encoding", transfer)]
    (found,) = read(tmp_path, record(http=http, body=body))
    assert found.content == PAGE


def test_chunks_that_the_archive_has_joined_already_stay_as_they_are(tmp_path):
    http = [("Content-Type", "text/plain"), ("Transfer-Encoding", "chunked")]
    for body in (PAGE, b"ADD\nto the list", b"word\n"):
        (found,) = read(tmp_path, record(http=http, body=body))
        assert found.content == body


@pytest.mark.parametrize(
    ("coding", "body", "what"),
    [
        ("gzip", gzip.compress(b"a" * 200_000), "larger"),
        ("zstd", zstandard.compress(b"a" * 200_000), "larger"),
        ("deflate, gzip", gzip.compress(deflated(b"a" * 200_000, 15)), "larger"),
        ("gzip", gzip.compress(PAGE)[:-12], "ends early"),
        ("gzip", gzip.compress(PAGE)[:20] + b"xxxx" + gzip.compress(PAGE)[24:], "damaged"),
        ("deflate", b"x\x9c" + b"xxxxxxxx", "damaged"),
        ("zstd", zstandard.compress(PAGE)[:-4], "early|damaged"),
        ("zstd", zstandard.compress(PAGE)[:20] + b"xx" + zstandard.compress(PAGE)[22:], "early|damaged"),
        ("br", b"\x1b\x10\x00", "packed with br"),
        ("gzip, gzip, gzip, gzip", PAGE, "4 times"),
    ],
)
def test_a_page_that_cannot_be_unpacked_is_an_error_and_the_next_is_read(tmp_path, coding, body, what):
    content = record(http=[("Content-Type", "text/html"), ("Content-Encoding", coding)], body=body) + record()
    error, page = read(tmp_path, content, limits=WarcLimits(record=100_000))
    assert isinstance(error, SourceError)
    assert re.search(what, str(error))
    assert "a.warc#0" in str(error)
    assert page.content == PAGE


def test_a_page_that_the_archive_cut_is_kept_and_says_so(tmp_path):
    http = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    body = gzip.compress(bytes(range(256)) * 4)[:-9]
    (found,) = read(tmp_path, record(http=http, body=body, WARC_Truncated="length"))
    assert found.content.startswith(bytes(range(256)))
    assert found.headers["warc-truncated"] == "length"


def test_a_record_above_the_limit_is_an_error_unless_it_is_no_page(tmp_path):
    content = record(body=b"<p>" + b"a" * 5000) + record(body=b"a" * 5000, http=[("Content-Type", "video/mp4")]) + record()
    error, page = read(tmp_path, content, limits=WarcLimits(record=2000))
    assert "larger" in str(error)
    assert page.content == PAGE


def test_a_head_without_end_is_an_error(tmp_path):
    content = b"WARC/1.0\r\n" + b"a: b\r\n" * 60_000 + b"\r\n" + record()
    error, page = read(tmp_path, content)
    assert "head is larger" in str(error)
    assert page.content == PAGE
    error, page = read(tmp_path, raw(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200_000) + record())
    assert "HTTP headers" in str(error)
    assert page.content == PAGE


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
@pytest.mark.parametrize("at", [0, 12, 30, -3, -1])
def test_a_damaged_member_costs_one_record(tmp_path, packing, at):
    pack = PACKED[packing]
    records = [pack([r]) for r in three()]
    broken = bytearray(records[1])
    broken[at] ^= 0x5A
    found, errors = split(read(tmp_path, records[0] + bytes(broken) + records[2]))
    assert [d.url[-1] for d in found] == ["0", "2"]
    assert f"#{len(records[0])}:" in str(errors[0])
    assert len(errors) == 1


@pytest.mark.parametrize("packing", PACKED)
def test_a_file_that_ends_early_gives_what_is_whole_and_an_error(tmp_path, packing):
    content = PACKED[packing](three())
    found, errors = split(read(tmp_path, content[: -max(40, len(content) // 8)]))
    assert len(found) < 3
    assert len(errors) == 1
    assert "frame" in packing or "one gzip" in packing or len(found) == 2


def test_bytes_between_and_after_members_are_an_error_and_zeros_are_not(tmp_path):
    one, two, three_ = (gzip.compress(r) for r in three())
    found, errors = split(read(tmp_path, one + b"rubbish" + two + bytes(5000) + three_ + bytes(100_000)))
    assert len(found) == 3
    assert len(errors) == 1
    found, errors = split(read(tmp_path, one + b"rubbish"))
    assert (len(found), len(errors)) == (1, 1)


@pytest.mark.parametrize("wrong", [10, 40, 1000, 10**9, 10**14])
@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_a_wrong_length_costs_one_record(tmp_path, wrong, packing):
    records = three()
    start = records[1].index(b"Content-Length: ") + len(b"Content-Length: ")
    end = records[1].index(b"\r\n", start)
    records[1] = records[1][:start] + b"%d" % wrong + records[1][end:]
    found, errors = split(read(tmp_path, PACKED[packing](records)))
    assert [d.url[-1] for d in found] == ["0", "2"]
    assert len(errors) == 1


@pytest.mark.parametrize("length", [b"", b"-5", b"x", b"\xb2", b"1e3"])
def test_a_length_that_is_none_costs_one_record(tmp_path, length):
    content = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: " + length + b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>\r\n\r\n" + record()
    error, page = read(tmp_path, content)
    assert "how long" in str(error)
    assert page.content == PAGE


def test_text_that_looks_like_a_record_inside_a_page_is_of_the_page(tmp_path):
    body = b"<p>WARC</p>\r\n\r\nWARC/1.0\r\nContent-Length: 3\r\n\r\n</p>"
    (found,) = read(tmp_path, record(body=body))
    assert found.content == body


def test_lines_between_records_are_an_error(tmp_path):
    found, errors = split(read(tmp_path, record() + b"some words\r\n" * 3 + record()))
    assert len(errors) == 1
    assert len(found) == 1


def test_a_response_without_http_is_an_error(tmp_path):
    for block in (b"", b"nothing", b"HTTP/1.1 2x0 OK\r\n\r\n"):
        error, page = read(tmp_path, raw(block) + record())
        assert "no HTTP" in str(error)
        assert page.content == PAGE


def test_a_page_in_segments_is_an_error(tmp_path):
    error, _ = read(tmp_path, record(WARC_Segment_Number="1") + record())
    assert "split" in str(error)


def test_dates_in_every_form_of_the_standard(tmp_path):
    def fetched(date):
        return read(tmp_path, record(WARC_Date=date))[0].fetched

    assert fetched("2025-03-01T12:00:00.123456789Z") == datetime(2025, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert fetched("2025-03-01T12:00:00") == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert [fetched(d) for d in ("2025-03", "yesterday", "2025-13-01T12:00:00Z")] == [None, None, None]


def test_addresses_as_old_tools_wrote_them(tmp_path):
    plain, spaced, file = read(
        tmp_path,
        raw(b"HTTP/1.1 200 OK\r\n\r\n" + PAGE, WARC_Target_URI="<https://news.example/a>")
        + raw(b"HTTP/1.1 200 OK\r\n\r\n" + PAGE, WARC_Target_URI="https://news.example/a b")
        + raw(PAGE, WARC_Type="resource", Content_Type="text/html", WARC_Target_URI="file:///home/a.html"),
    )
    assert (plain.url, spaced.url, file.url) == ("https://news.example/a", "https://news.example/a%20b", None)


# zstd with a dictionary


def dictionary_frame(data):
    return struct.pack("<II", 0x184D2A5D, len(data)) + data


@pytest.mark.parametrize("packed", [False, True])
def test_a_dictionary_at_the_head_of_a_zst_file_is_used(tmp_path, packed):
    samples = [record(f"https://news.example/{i}", PAGE * (1 + i % 3)) for i in range(400)]
    dictionary = zstandard.train_dictionary(8192, samples)
    data = zstandard.compress(dictionary.as_bytes()) if packed else dictionary.as_bytes()
    content = dictionary_frame(data) + zst(three(), dictionary) + struct.pack("<II", 0x184D2A50, 3) + b"abc" + zst(three(), dictionary)
    found, errors = split(read(tmp_path, content, "a.warc.zst"))
    assert (len(found), errors) == (6, [])
    assert is_warc(tmp_path / "a.warc.zst")


@pytest.mark.parametrize(
    "frame", [dictionary_frame(b"no dictionary"), dictionary_frame(zstandard.compress(b"x" * 100)[:-3]), struct.pack("<II", 0x184D2A5D, 2**32 - 1)]
)
def test_a_damaged_dictionary_is_an_error(tmp_path, frame):
    _, errors = split(read(tmp_path, frame + zst(three())))
    assert "dictionary" in str(errors[0])


# Files


def test_a_file_that_is_none_or_holds_no_records(tmp_path):
    (missing,) = documents_in(tmp_path / "none.warc")
    assert isinstance(missing, NotFoundError)
    (folder,) = documents_in(tmp_path)
    assert "cannot be read" in str(folder)
    (empty,) = read(tmp_path, b"")
    assert "no WARC records" in str(empty)


def test_a_file_of_nothing_but_damage_is_given_up(tmp_path):
    content = b"WARC/1.0\r\nContent-Length: x\r\n\r\n" * 5000
    results = read(tmp_path, content, limits=WarcLimits(errors=20))
    assert len(results) == 21
    assert "rest of the file is not read" in str(results[-1])


def test_a_warc_is_told_by_name_or_first_bytes(tmp_path):
    for packing, pack in PACKED.items():
        path = tmp_path / f"{packing}.bin"
        path.write_bytes(pack(three()))
        assert is_warc(path)
    (tmp_path / "page.html").write_bytes(PAGE)
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE))
    assert not is_warc(tmp_path / "page.html")
    assert not is_warc(tmp_path / "page.html.gz")
    assert not is_warc(tmp_path / "nowhere")
    assert is_warc("nowhere.WARC.GZ")


@pytest.mark.parametrize("packing", ["plain", "gzip", "one gzip member", "zstd", "one zstd frame"])
def test_memory_stays_small_however_many_records(tmp_path, packing):
    def peak(count):
        path = tmp_path / f"{count}.warc"
        path.write_bytes(PACKED[packing]([record(body=PAGE + str(i).encode() * 1000) for i in range(count)]))
        tracemalloc.start()
        assert sum(isinstance(d, Document) for d in documents_in(path)) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(2000) < 2 * peak(200) + 2**20


def test_a_record_that_unpacks_to_very_much_is_not_held(tmp_path):
    bomb = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"a" * (100 * 2**20))
    (tmp_path / "b.warc.gz").write_bytes(gzip.compress(bomb) + gzip.compress(record()))
    (tmp_path / "b.warc.zst").write_bytes(zst([bomb, record()]))
    del bomb
    for name in ("b.warc.gz", "b.warc.zst"):
        tracemalloc.start()
        error, page = documents_in(tmp_path / name)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert "larger" in str(error)
        assert page.content == PAGE
        assert most < 40 * 2**20


# Any bytes


TOKENS = st.sampled_from(
    [
        *(b"WARC/1.0\r\n", b"\r\n\r\n", b"\r\n", b"Content-Length: 20\r\n", b"Content-Length: 300\r\n", b"WARC-Type: response\r\n", b"WARC-Type: resource\r\n"),
        *(
            b"Content-Type: text/html\r\n",
            b"WARC-Target-URI: https://[\r\n",
            b"HTTP/1.1 200 OK\r\n",
            b"Transfer-Encoding: chunked\r\n",
            b"5\r\n",
            b"Content-Encoding: gzip\r\n",
        ),
        *(record(), gzip.compress(record()), zst([record()]), gzip.compress(PAGE), b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", dictionary_frame(b"x"), bytes(20)),
    ]
)


def whole(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "a.warc"
    path.write_bytes(content)
    results = list(documents_in(path, limits=WarcLimits(record=10_000, errors=50)))
    assert results
    assert all(isinstance(r, (Document, SourceError)) for r in results)
    assert len(results) <= len(content) // 20 + 51


@given(content=st.one_of(st.binary(max_size=300), st.lists(st.one_of(TOKENS, st.binary(max_size=12)), max_size=25).map(b"".join)))
def test_any_bytes_give_documents_or_errors(content, tmp_path_factory):
    whole(content, tmp_path_factory)


@given(packing=st.sampled_from(sorted(PACKED)), at=st.integers(0, 10_000), value=st.integers(1, 255), cut=st.integers(0, 10_000))
def test_one_wrong_byte_gives_documents_or_errors(packing, at, value, cut, tmp_path_factory):
    content = bytearray(PACKED[packing](three()))
    content[at % len(content)] ^= value
    whole(bytes(content[: len(content) - cut % 50]), tmp_path_factory)
