"""Put the codes of hand coders beside the statements they are of: offsets and labels, no text.

    python -m training.positions_codes --drawn run/positions run/conditions --articles DATA/unlabelled/news.jsonl.xz --out training/positions_data/codes.jsonl

Statements that were drawn for a condition, whatever the issue, have an issue each that the coder named; those are added to the file of issues, five in ten for
training, two for `dev`, three held aside.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from onrecord.scoring.stances import articles_by_digest


NAMED = "  # Named by the coders of statements that were drawn for a condition.\n"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--drawn", type=Path, nargs="+", required=True, help="folders with ISSUE.jsonl and codes-CODER-ISSUE.jsonl")
    p.add_argument("--articles", type=Path, required=True)
    p.add_argument("--coders", nargs="*", help="whose codes; default: all")
    p.add_argument("--issues", type=Path, default=Path("training/positions_data/issues.yaml"))
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    texts = articles_by_digest(a.articles)
    out, lost = [], 0
    head, _, _ = a.issues.read_text(encoding="utf-8").partition(NAMED)
    named = []
    for folder in a.drawn:
        for file in sorted(folder.glob("codes-*.jsonl")):
            _, coder, issue = file.stem.split("-", 2)
            if a.coders and coder not in a.coders:
                continue
            rows = {r["number"]: r for r in map(json.loads, (folder / f"{issue}.jsonl").open(encoding="utf-8"))}
            for code in map(json.loads, file.open(encoding="utf-8")):
                row = rows[code["number"]]
                text = texts[row["article"]]
                condition, holder = (find(text, row["spans"]["content"], code[k]) if code[k] else None for k in ("condition", "holder"))
                lost += bool(code["condition"]) != bool(condition)
                name = issue
                if isinstance(code.get("issue"), dict):
                    name = f"any-{code['number']}"
                    part = ("train", "held", "train", "dev", "train", "held", "train", "held", "train", "dev")[code["number"] // 2 % 10]
                    named.append({"id": name, "part": part} | {k: v for k, v in code["issue"].items() if v})
                out.append(
                    {"issue": name, "number": code["number"], "article": row["article"], "spans": row["spans"], "stance": code["stance"], "act": code["act"]}
                    | {"condition": condition, "holder": holder, "sure": code["sure"], "coder": coder}
                )
    out.sort(key=lambda r: (r["issue"], r["number"], r["coder"]))
    lines = "".join("  - " + json.dumps(i, ensure_ascii=False) + "\n" for i in sorted(named, key=lambda i: i["id"]))
    a.issues.write_text(head + (NAMED + lines if lines else ""), encoding="utf-8")
    a.out.write_text("".join(json.dumps(r, separators=(",", ":")) + "\n" for r in out), encoding="utf-8")
    print(len(out), "codes,", lost, "conditions not found in their content")


def find(text: str, spans: list[list[int]], words: str) -> list[int] | None:
    """Where words stand in a content, whatever white space is between them."""
    pattern: Any = re.compile(r"\s+".join(map(re.escape, words.split())))
    for start, end in spans:
        match = pattern.search(text, start, end)
        if match:
            return [match.start(), match.end()]
    return None


if __name__ == "__main__":
    main()
