"""The gold corpus is well formed: the gate that scores against it trusts it blindly."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from onrecord.scoring.gold import GoldArticle, format_marked, parse_marked

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.gold"))
README = (FOLDER / "README.md").read_text(encoding="utf-8")
ROLES = ("source", "cue", "content")


def read(path: Path) -> GoldArticle:
    return parse_marked(path.read_bytes().decode("utf-8"), name=path.name)


def spans(article: GoldArticle) -> list[tuple[int, int, str]]:
    return sorted({(start, end, role) for role in ROLES for start, end in article.spans(role)})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_article_is_well_formed(path: Path) -> None:
    article = read(path)
    metadata = dict(article.metadata)
    assert path.stem in {f"dev-{article.id}", f"held-{article.id}"}
    assert {"id", "outlet", "published", "language", "shows"} <= metadata.keys()
    assert article.attributions
    for attribution in article.attributions:
        assert len(attribution.cue) == 1
        assert attribution.content
    for start, end, role in spans(article):
        words = article.text[start:end]
        assert words == words.strip(), role
        assert not re.search(r"[\r\n]", words), role
    for (_, end, _), (start, _, _) in pairwise(spans(article)):
        assert end <= start, f"two spans overlap near {article.text[start : start + 40]!r}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_marked_form_survives_a_round_trip(path: Path) -> None:
    article = read(path)
    again = parse_marked(format_marked(article), name=path.name)
    assert again.text == article.text
    assert again.attributions == article.attributions


def test_the_line_ends_are_as_the_header_says() -> None:
    for path in FILES:
        assert (b"\r\n" in path.read_bytes()) == ("crlf" in dict(read(path).metadata)["shows"].split()), path.name


def test_ids_are_unique() -> None:
    assert len({read(path).id for path in FILES}) == len(FILES)


def test_the_readme_counts_what_is_there() -> None:
    shown: Counter[tuple[str, str]] = Counter()
    totals: Counter[tuple[str, str]] = Counter()
    for path in FILES:
        article, part = read(path), path.stem.partition("-")[0]
        shown.update((tag, part) for tag in dict(article.metadata)["shows"].split())
        totals["articles", part] += 1
        totals["words", part] += len(article.text.split())
        totals["attributions", part] += len(article.attributions)
        for role in ROLES:
            totals[f"{role} spans", part] += len(set(article.spans(role)))
    rows = re.findall(r"^\| `([a-z-]+)` \| .* \| (\d+) \| (\d+) \|$", README, re.MULTILINE)
    assert {(tag, int(dev), int(held)) for tag, dev, held in rows} == {(tag, shown[tag, "dev"], shown[tag, "held"]) for tag, _ in shown}
    for name, _ in totals:
        dev, held = totals[name, "dev"], totals[name, "held"]
        assert f"| {name} | {dev:,} | {held:,} | {dev + held:,} |" in README
