"""Draw the statements that are coded by hand for issues: from the unlabelled articles, by seed; the same ones each time.

    python -m training.positions_sample --articles DATA/unlabelled/news.jsonl.xz --issues training/positions_data/issues.yaml --out run/positions

Per issue as many articles are read as are needed, those that say its words in headline or first lines before others; of their statements a half that
holds the issue's words itself, and a half that does not (a position can be taken by "it" and "that"). Conditions are rare (one statement in seventy): with
`--conditions` those are drawn, from other articles, whose sentence has words of a condition and of the issue. Writes one JSON line a statement with its
text, for coders alone: what is kept in the tree are offsets and labels.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from pathlib import Path
from typing import Any

import yaml

from onrecord import Reader, read
from onrecord.scoring.stances import article_digest

CONDITION = re.compile(
    r"\b(?:only (?:if|when|after|with)|unless|until|provided (?:that)?|as long as|so long as|on (?:the )?condition|in exchange for|in return for|if (?:the|he|she|they|it|we|there|you))\b",
    re.IGNORECASE,
)
TAKING = re.compile(r"\b(?:support|oppos|back|accept|agree|sign|vote|pass|veto|approv|reject|willing|ready|open to|deal|consider|negotiat|want|will|would|cannot|won.t)", re.IGNORECASE)
EACH = {"train": 66, "dev": 50, "held": 40}
PER_ARTICLE = 4


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--articles", type=Path, required=True)
    p.add_argument("--issues", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, default=5)
    p.add_argument("--conditions", type=int, default=0, metavar="N", help="draw up to N statements an issue that say a condition, instead")
    p.add_argument("--each", type=int, help="statements an issue; default: by its part")
    p.add_argument("--part", help="only issues of this part")
    p.add_argument("--without", type=Path, help="folder of an earlier draw, whose articles are left out")
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    with lzma.open(a.articles, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    issues = yaml.safe_load(a.issues.read_text(encoding="utf-8"))["issues"]
    issues = [i for i in issues if "words" in i and a.part in (None, i["part"])]
    reader, used = Reader.load(None), set()
    if a.without:
        earlier = {json.loads(line)["article"] for f in a.without.glob("*.jsonl") if not f.name.startswith("codes") for line in f.open(encoding="utf-8")}
        used = {n for n, x in enumerate(articles) if article_digest(x["text"]) in earlier}
    for issue in issues:
        rng = random.Random(f"{a.seed} {issue['id']}")
        words = re.compile(issue["words"], re.IGNORECASE)
        near = [n for n, x in enumerate(articles) if n not in used and 1500 < len(x["text"]) < 9000 and words.search(x["title"] + " " + x["text"][:600])]
        rng.shuffle(near)
        if a.conditions:
            rows = []
            for n in [n for n in near if any(CONDITION.search(s) and TAKING.search(s) and words.search(s) for s in re.split(r"(?<=[.!?”\"])\s", articles[n]["text"]))][:40]:
                for row in statements_of(articles[n], reader):
                    if CONDITION.search(row["content"]) and TAKING.search(row["content"]) and (words.search(row["content"]) or words.search(row["before"][-200:])):
                        rows.append({"issue": issue["id"], "number": 1000 + len(rows)} | row)
                        used.add(n)
                if len(rows) >= a.conditions:
                    break
            print(issue["id"], len(rows), flush=True)
            (a.out / f"{issue['id']}.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows[: a.conditions]), encoding="utf-8")
            continue
        rows: list[dict[str, Any]] = []
        with_words = without = 0
        half = (a.each or EACH[issue["part"]]) // 2
        for n in near:
            if len(rows) >= 2 * half:
                break
            found = statements_of(articles[n], reader)
            rng.shuffle(found)
            taken = 0
            for row in found:
                said = bool(words.search(row["content"]))
                if taken < PER_ARTICLE and (with_words < half if said else without < half):
                    rows.append({"issue": issue["id"], "number": len(rows)} | row)
                    with_words, without, taken = with_words + said, without + (not said), taken + 1
            if taken:
                used.add(n)
        print(issue["id"], len(near), "articles", with_words, without, flush=True)
        (a.out / f"{issue['id']}.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def statements_of(article: dict[str, Any], reader: Reader) -> list[dict[str, Any]]:
    text = article["text"]
    record = read(text, reader=reader)
    out = []
    for e in record.entries:
        s = e.statement
        if s.paragraph not in ("body", "headline") or s.score < 0.5:
            continue
        start = min(x.start for x in (*s.content, *s.cue, *s.source))
        end = max(x.end for x in (*s.content, *s.cue, *s.source))
        out.append(
            {
                "article": article_digest(text),
                "spans": {r: [[x.start, x.end] for x in getattr(s, r)] for r in ("content", "cue", "source")},
                "speaker": e.speaker.name,
                "title": article["title"],
                "date": article["date"],
                "before": text[max(0, start - 350) : start],
                "said": text[start:end],
                "after": text[end : end + 120],
                "content": " … ".join(x.exact for x in s.content),
                "cue": " ".join(x.exact for x in s.cue),
                "source": " ".join(x.exact for x in s.source),
            }
        )
    return out


if __name__ == "__main__":
    main()
