"""Cases of who said it, as data, through the whole program with the shipped model."""

from pathlib import Path

import pytest
import yaml

import onrecord

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "speakers.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=c["case"], marks=[pytest.mark.xfail(strict=True, reason=c["known_failure"])] if "known_failure" in c else []) for c in CASES]
)
def test_a_case(case: dict) -> None:
    published = case.get("published")
    record = onrecord.read(case["text"], published=str(published) if published else None)
    found = {e.statement.content[0].exact: e for e in record.entries}
    for row in case["rows"]:
        entry = next((e for words, e in found.items() if words.startswith(row["content"])), None)
        assert entry is not None, f"no statement {row['content']!r} among {list(found)}"
        data = entry.to_json()
        got = {
            "speaker": data["speaker"]["name"],
            "type": data["speaker"]["type"],
            "role": data["speaker"]["role"],
            "country": data["speaker"]["country"],
            "mention": data["speaker"]["mention"],
            "chain": [c["name"] for c in data["chain"]],
            "addressee": data["addressee"]["name"] if data["addressee"] else None,
            "said_on": data["said_on"],
            "venue": data["venue"],
            "place": data["place"],
        }
        wanted = {k: str(v) if k == "said_on" and v is not None else v for k, v in row.items() if k != "content"}
        assert {k: got[k] for k in wanted} == wanted


def test_every_span_of_an_entry_holds_its_words() -> None:
    for case in CASES:
        record = onrecord.read(case["text"])
        text = record.article.revision.text
        for entry in record.entries:
            entry.voice.check(text)
            entry.occasion.check(text)
