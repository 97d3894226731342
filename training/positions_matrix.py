"""Draw whole articles for matrices, and put what analysts said of them beside their statements: offsets and labels, no text.

    python -m training.positions_matrix draw --articles DATA/unlabelled/news.jsonl.xz --out run/matrix
    python -m training.positions_matrix keep --drawn run/matrix --out training/positions_data/matrix.jsonl

`draw` writes `articles.jsonl` and, four articles each, `batchN.txt` to read: fourteen articles on conflicts and negotiations, ten on affairs at home, none that has been coded
already. An analyst writes `agendaN.yaml` (issues, whose ids begin with the article's) and `codesN.jsonl` (article, number, issue, stance; what is `none` is left out), by CODING.md.
The first twelve articles are `dev`, the others are held aside.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from onrecord import Reader
from onrecord.scoring.stances import article_digest
from training.positions_sample import statements_of

CONFLICT = re.compile(
    r"cease-?fire|truce|peace (talks|deal|plan|process)|negotiat(ors|ions)|sanctions|treaty|hostage|annex|airstrike|peacekeep|rebels|separatis|nuclear (program|talks|deal)|summit", re.IGNORECASE
)
HOME = re.compile(r"\b(bill|lawmakers|senate|parliament|referendum|strike|union|regulat|court|vote)\b", re.IGNORECASE)
WANTED = {"conflict": 14, "home": 10}
DEV, BATCH = 12, 4


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = p.add_subparsers(dest="command", required=True)
    d = commands.add_parser("draw")
    d.add_argument("--articles", type=Path, required=True)
    d.add_argument("--codes", type=Path, default=Path("training/positions_data/codes.jsonl"), help="whose articles are left out")
    d.add_argument("--out", type=Path, required=True)
    d.add_argument("--seed", type=int, default=29)
    k = commands.add_parser("keep")
    k.add_argument("--drawn", type=Path, required=True)
    k.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    draw(a.articles, a.codes, a.out, a.seed) if a.command == "draw" else keep(a.drawn, a.out)


def draw(path: Path, codes: Path, out: Path, seed: int) -> None:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    used = {json.loads(line)["article"] for line in codes.open(encoding="utf-8")}
    rng, reader = random.Random(seed), Reader.load(None)
    order = list(range(len(articles)))
    rng.shuffle(order)
    found: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = []
    counts: defaultdict[str, int] = defaultdict(int)
    for article in (articles[n] for n in order):
        kind = kind_of(article)
        if kind is None or counts[kind] >= WANTED[kind] or not 3000 < len(article["text"]) < 9000 or article_digest(article["text"]) in used:
            continue
        statements = statements_of(article, reader)
        if 12 <= len(statements) <= 32 and len({s["speaker"] for s in statements}) >= 4:
            statements.sort(key=lambda s: min(start for spans in s["spans"].values() for start, _ in spans))
            found.append((kind, article, statements))
            counts[kind] += 1
        if all(counts[k] >= n for k, n in WANTED.items()):
            break
    rng.shuffle(found)
    out.mkdir(parents=True, exist_ok=True)
    for file in out.glob("batch*.txt"):
        file.unlink()
    with (out / "articles.jsonl").open("w", encoding="utf-8") as kept:
        for n, (_, article, statements) in enumerate(found):
            name, text = f"m{n:02d}", article["text"]
            kept.write(json.dumps({"id": name, "digest": article_digest(text), "statements": [s["spans"] for s in statements]}) + "\n")
            with (out / f"batch{n // BATCH + 1}.txt").open("a", encoding="utf-8") as batch:
                batch.write(f"\n\n######## ARTICLE {name}: {article['title']} ({article['date']})\n\n{text}\n\n---- STATEMENTS of {name}\n")
                batch.writelines(f"[{name} #{i}] source: {s['source']!r} | cue: {s['cue']!r} | content: {s['content']!r}\n" for i, s in enumerate(statements))


def kind_of(article: dict[str, Any]) -> str | None:
    start = article["text"][:2500]
    if len(CONFLICT.findall(start)) >= 3:
        return "conflict"
    return "home" if len(HOME.findall(start)) >= 5 and not CONFLICT.search(article["title"]) else None


def keep(drawn: Path, out: Path) -> None:
    issues: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    codes: defaultdict[str, dict[tuple[int, str], str]] = defaultdict(dict)
    for file in sorted(drawn.glob("agenda*.yaml")):
        for issue in yaml.safe_load(file.read_text(encoding="utf-8"))["issues"]:
            issues[issue["id"].split("-")[0]].append(issue)
    for file in sorted(drawn.glob("codes*.jsonl")):
        for code in map(json.loads, file.open(encoding="utf-8")):
            codes[code["article"]][code["number"], code["issue"]] = code["stance"]
    rows = []
    for n, article in enumerate(map(json.loads, (drawn / "articles.jsonl").open(encoding="utf-8"))):
        name = article["id"]
        ids = {issue["id"] for issue in issues[name]}
        strange = [key for key in codes[name] if key[0] >= len(article["statements"]) or key[1] not in ids]
        if strange:
            raise SystemExit(f"{name}: no such statement or issue: {strange[0]}")
        rows.append(
            {
                "article": article["digest"],
                "part": "dev" if n < DEV else "held",
                "issues": issues[name],
                "statements": article["statements"],
                "codes": [[number, issue, stance] for (number, issue), stance in sorted(codes[name].items())],
            }
        )
    out.write_text("".join(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(len(rows), "articles,", sum(len(row["codes"]) for row in rows), "positions")


if __name__ == "__main__":
    main()
