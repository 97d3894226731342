"""An agency is the author where the text says so, and nowhere else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.articles import Article, Kind, Paragraph, Revision
from onrecord.articles.plain import read_plain
from onrecord.articles.wire import AGENCIES, Place, wire_of

STORY = "The harbour council resigned on Monday after a long night of talks."
MORE = "Nobody knows who will govern the town until the spring.\n\nThe ferry sails all the same."


def plain(text):
    revision, metadata = read_plain(text)
    return Article(revision, source="story.txt", byline=metadata.byline)


def found(text):
    wire = wire_of(plain(text))
    if wire is None:
        return None
    assert wire.span is not None
    wire.span.check(text)
    return wire.name, wire.span.exact, str(wire.place)


@pytest.mark.parametrize(
    ("opening", "name", "exact"),
    [
        ("VELDEN (Reuters) - ", "Reuters", "Reuters"),
        ("VELDEN, N.H. (AP) — ", "Associated Press", "AP"),
        ("Port Lannan (AFP) – ", "Agence France-Presse", "AFP"),
        ("VELDEN, Dec. 14 (UPI) -- ", "United Press International", "UPI"),
        ("VELDEN, March 3 (Xinhua) -- ", "Xinhua", "Xinhua"),
        ("New Velden [Orre], March 5 (ANI): ", "ANI", "ANI"),
        ("VELDEN/ALDMARK, Orre (Reuters) - ", "Reuters", "Reuters"),
        ("San Juan de la Costa (EFE).- ", "EFE", "EFE"),
        ("VELDEN. March 3. INTERFAX - ", "Interfax", "INTERFAX"),
        ("(Reuters) - ", "Reuters", "Reuters"),
        ("VELDEN — (AP) — ", "Associated Press", "AP"),
        ("A boat lies in the harbour on Monday. Talks fail VELDEN, Orre (AP) - ", "Associated Press", "AP"),
    ],
)
def test_datelines(opening, name, exact):
    assert found(f"Council gone\n\n{opening}{STORY}\n\n{MORE}") == (name, exact, "dateline")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Associated Press", "Associated Press"),
        ("By The Associated Press", "Associated Press"),
        ("BY REUTERS", "Reuters"),
        ("By Ann Lee, Associated Press", "Associated Press"),
        ("By Ann Lee and Bo Ray, Associated Press", "Associated Press"),
        ("By Ann Lee | Bloomberg News", "Bloomberg"),
        ("By Ann Lee of The Canadian Press", "Canadian Press"),
        ("By Ann Lee, Associated Press Writer", "Associated Press"),
        ("By Reuters | March 3, 2024", "Reuters"),
        ("AFP", "Agence France-Presse"),
    ],
)
def test_bylines(line, name):
    assert found(f"The council is gone\n\n{line}\n\n{STORY}\n\n{MORE}")[::2] == (name, "byline")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("© AFP", "Agence France-Presse"),
        ("© 2024 AFP", "Agence France-Presse"),
        ("Copyright 2024 The Associated Press. All rights reserved. This material may not be published or rewritten.", "Associated Press"),
        ("© Copyright 2024 The Associated Press. All rights reserved.", "Associated Press"),
        ("(c) 2024 Reuters", "Reuters"),
        ("©2024 Bloomberg L.P.", None),
        ("This story was produced by Religion News Service.", "Religion News Service"),
        ("This article was originally published by KFF Health News and is used with leave.", "KFF Health News"),
        ("This report is from the Associated Press.", "Associated Press"),
        ("- Reuters", "Reuters"),
        ("(AFP)", "Agence France-Presse"),
    ],
)
def test_credits(line, name):
    answer = found(f"The council is gone\n\n{STORY}\n\n{MORE}\n\n{line}")
    assert (answer and answer[0]) == name


@pytest.mark.parametrize(
    "text",
    [
        f"{STORY}\n\n{MORE}\n\nThe Associated Press contributed to this report.",
        f"{STORY}\n\n{MORE}\n\nAnn Lee and The Associated Press contributed to this report.",
        f"{STORY}\n\n{MORE}\n\nContributing: Associated Press",
        f"{STORY}\n\n{MORE}\n\nWith reporting by Reuters",
        f"By Ann Lee with AFP\n\n{STORY}\n\n{MORE}",
        f"By Lantern Staff and Associated Press\n\n{STORY}\n\n{MORE}",
        f"By Ann Lee\n\n{STORY}\n\n{MORE}",
        f"{STORY}\n\nThe mayor told the press (AP) — and nobody else — that she was tired.\n\n{MORE}",
        f"{STORY}\n\nPrices fell, Reuters reported on Monday.\n\n{MORE}",
        f"{STORY}\n\nThe boats in the harbour (AP Photo/Ann Lee)\n\n{MORE}",
        f"{STORY}\n\nThe pier on Monday. © AFP\n\n{MORE}",
        f"{STORY}\n\n{MORE}\n\nREUTERS/Ann Lee",
        f"Council gone\n\n{STORY}\n\nAP\n\n{MORE}",
        f"{STORY}\n\n{MORE}\n\nCopyright 2024 The Velden Courier.",
        f"VELDEN (AP/Reuters) - {STORY}\n\n{MORE}",
        f"VELDEN (Reuters) - {STORY}\n\nALDMARK (AP) - Elsewhere, too.\n\n{MORE}",
        "",
        "AP",
    ],
)
def test_who_helped_or_took_a_picture_is_no_author_and_two_are_none(text):
    assert wire_of(plain(text)) is None


def test_the_dateline_comes_before_the_byline():
    assert found(f"By Bloomberg\n\nVELDEN (Reuters) - {STORY}\n\n{MORE}") == ("Reuters", "Reuters", "dateline")


def test_a_byline_in_the_data_alone_has_no_place_in_the_text():
    revision = Revision(STORY, (Paragraph(0, len(STORY), Kind.BODY),))
    wire = wire_of(Article(revision, source="a.html", byline="Ann Lee, Associated Press"))
    assert (wire.name, wire.span, wire.place) == ("Associated Press", None, Place.BYLINE)
    assert wire_of(Article(revision, source="a.html", byline="Ann Lee")) is None


def test_every_agency_is_known_by_all_that_it_is_printed_as():
    printed = [p for name, others in AGENCIES.items() for p in (name, *others)]
    assert len(printed) == len(set(printed))
    for name, others in AGENCIES.items():
        for p in (name, *others):
            assert found(f"VELDEN ({p}) - {STORY}") == (name, p, "dateline")


PARTS = st.sampled_from(
    [
        "VELDEN",
        "(AP)",
        "(Reuters)",
        " - ",
        " — ",
        "\n\n",
        "By ",
        "Ann Lee",
        ", ",
        "© ",
        "AFP",
        "2024",
        "/",
        "The ",
        "Associated Press",
        " and ",
        "contributed",
        ".",
        "é",
        "👩‍👩‍👧",
        "(",
        ")",
    ]
)


@given(st.lists(PARTS, max_size=40).map("".join))
def test_what_is_found_stands_there(text):
    wire = wire_of(plain(text))
    if wire and wire.span:
        wire.span.check(text)
        assert wire.span.exact in (wire.name, *AGENCIES[wire.name])


@pytest.mark.parametrize("unit", ["Velden ", "VELDEN, ", "A. ", "By Ann ", "Ann, Bo and ", "© ", "(AP ", "[A] ", "Ann-", "A/", "- ", "copyright "])
def test_long_lines_take_no_time(unit):
    text = unit * 20_000
    paragraphs = tuple(Paragraph(0, len(text), kind) for kind in (Kind.BYLINE, Kind.BODY, Kind.DATELINE, Kind.BOILERPLATE))
    began = time.perf_counter()
    wire_of(Article(Revision(text, paragraphs), source="a.txt", byline=text))
    assert time.perf_counter() - began < 2
