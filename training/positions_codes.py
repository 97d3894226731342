"""Put the codes of hand coders beside the statements they are of: offsets and labels, no text.

    python -m training.positions_codes --drawn run/positions [run/conditions ...] --articles DATA/unlabelled/news.jsonl.xz --out training/positions_data/codes.jsonl
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from training.positions import articles


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--drawn", type=Path, nargs="+", required=True, help="folders with ISSUE.jsonl and codes-CODER-ISSUE.jsonl")
    p.add_argument("--articles", type=Path, required=True)
    p.add_argument("--coders", nargs="*", help="whose codes; default: all")
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    texts = articles(a.articles)
    out, lost = [], 0
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
                out.append(
                    {"issue": issue, "number": code["number"], "article": row["article"], "spans": row["spans"], "stance": code["stance"], "act": code["act"]}
                    | {"condition": condition, "holder": holder, "sure": code["sure"], "coder": coder}
                )
    out.sort(key=lambda r: (r["issue"], r["number"], r["coder"]))
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
