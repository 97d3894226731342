"""Draw statements that seem to set a condition on taking a side, over any issue: such are one in a hundred, and the coder names the issue of each.

    python -m training.positions_sample_conditions --articles DATA/unlabelled/news.jsonl.xz --without run/positions --out run/conditions/any.jsonl --number 150
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from pathlib import Path

from onrecord import Reader
from onrecord.scoring.stances import article_digest
from training.positions_sample import statements_of

WOULD = r"\b(?:would|will|could|can|cannot|can't|won't|wouldn't|may|might|willing|ready|prepared|open|agreed|refuses?|refused|not)\b"
TAKE = r"\b(?:support|back|accept|agree|sign|vote|oppose|consider|approve|veto|lift|withdraw|negotiate|talk|end|reopen|fund|join|endorse|allow|stop|drop|leave|return|compromise)\w*\b"
IF = r"\b(?:only if|if|unless|until|provided|as long as|so long as|in exchange for|in return for|on (?:the )?condition|only (?:when|after|with))\b"
CONDITION = re.compile(rf"{WOULD}.{{0,50}}{TAKE}.{{0,110}}{IF}|{IF}.{{5,110}}{WOULD}.{{0,40}}{TAKE}", re.IGNORECASE)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--articles", type=Path, required=True)
    p.add_argument("--without", type=Path)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--number", type=int, default=150)
    p.add_argument("--seed", type=int, default=5)
    a = p.parse_args()
    earlier = {json.loads(line)["article"] for f in a.without.glob("*.jsonl") if not f.name.startswith("codes") for line in f.open(encoding="utf-8")} if a.without else set()
    with lzma.open(a.articles, "rt", encoding="utf-8") as lines:
        articles = [x for x in map(json.loads, lines) if 1500 < len(x["text"]) < 7000 and article_digest(x["text"]) not in earlier]
    random.Random(a.seed).shuffle(articles)
    reader, number = Reader.load(None, actors=False), 0
    with a.out.open("w", encoding="utf-8") as out:
        for article in articles:
            near = [m.start() for m in CONDITION.finditer(article["text"])]
            if not near:
                continue
            for row in statements_of(article, reader):
                if CONDITION.search(row["content"]) or (CONDITION.search(f"{row['cue']} {row['content']}") and re.search(IF, row["content"], re.IGNORECASE)):
                    out.write(json.dumps({"issue": "any", "number": 2000 + number} | row, ensure_ascii=False) + "\n")
                    out.flush()
                    number += 1
                    break
            if number >= a.number:
                return


if __name__ == "__main__":
    main()
