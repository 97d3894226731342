"""How fast onrecord reads, what it costs in memory, how the cost grows, and where the time goes.

    python benchmarks/speed.py [--articles news.jsonl.xz] [--number 60] [--rounds 5] [--rivals spacy] [--format json]

These machines are noisy, so contestants take turns, round after round, in one process, and what counts is the ratio of
their medians. Without `--articles`, texts are put together from the project's own corpus, 800 words each, as long as
the mean article of an English-language newspaper's site.

Rivals: `spacy` is en_core_web_md with all its parts, which most published quotation extractors run first (pip install
spacy, and the model's folder in SPACY_MODEL). OpenVINO takes part if it is installed.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.articles import read_articles
from onrecord.models import find_model, load_manifest
from onrecord.reading import Reader
from onrecord.scoring.gold import parse_marked
from onrecord.sources import from_bytes, from_text
from onrecord.statements import find_statements

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
WORDS = 800


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--articles", type=Path, help="JSON lines with a `text`, may be .xz; default: made from tests/corpus")
    p.add_argument("--number", type=int, default=40)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--rivals", nargs="*", default=[], choices=["spacy"])
    p.add_argument("--models", nargs="*", default=[], help="other model folders to time beside the package's")
    p.add_argument("--format", choices=["table", "json"], default="table")
    p.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.memory:
        print(json.dumps(memory(json.loads(a.memory.read_text(encoding="utf-8")))))
        return
    texts = stories(a.articles, a.number)
    words = sum(len(t.split()) for t in texts)
    manifest = load_manifest(find_model())
    result: dict[str, Any] = {
        "model": f"{manifest.label} {manifest.digest} {manifest.form}",
        "machine": machine(),
        "articles": len(texts),
        "words an article": round(words / len(texts)),
        "articles/s": throughput(texts, a.rounds, a.rivals, a.models),
        "share of the time": shares(texts),
        "HTML pages/s": pages(texts, a.rounds),
        "cold start, s": cold_start(a.rounds),
        "peak memory, MiB": peak(texts),
        "seconds by words": growth(texts),
    }
    first = result["articles/s"]["onrecord, onnxruntime"]
    result["words/s"] = round(first * words / len(texts))
    result["word pieces/s"] = round(first * pieces(texts) / len(texts))
    if a.format == "json":
        print(json.dumps(result, indent=1))
        return
    for name, value in result.items():
        if isinstance(value, dict):
            print(name)
            for key, number in value.items():
                print(f"  {key:<36}{number:>10}")
        else:
            print(f"{name:<20}{value}")


def machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return f"{os.cpu_count()} cores"
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")
    flags = next((line for line in lines if line.startswith("flags")), "").split()
    has = [f for f in ("avx2", "avx512_vnni", "avx512_bf16", "amx_int8") if f in flags]
    return f"{name}, {len(os.sched_getaffinity(0))} cores, {' '.join(has)}"


def stories(path: Path | None, number: int) -> list[str]:
    if path is not None:
        opened = lzma.open if path.suffix == ".xz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            return [json.loads(line)["text"] for line, _ in zip(lines, range(number), strict=False)]
    pieces = [parse_marked(f.read_text(encoding="utf-8"), name=f.name).text for f in sorted(CORPUS.glob("*.gold"))]
    rng = np.random.default_rng(0)
    out = []
    for _ in range(number):
        text = ""
        for i in rng.permutation(len(pieces)):
            text += pieces[i] + "\n\n"
            if len(text.split()) >= WORDS:
                break
        out.append(text)
    return out


def take_turns(contestants: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each, run in turns; one round beforehand does not count."""
    spent: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, run in contestants.items():
            began = time.perf_counter()
            run()
            if number:
                spent[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in spent.items()}


def throughput(texts: Sequence[str], rounds: int, rivals: Sequence[str], models: Sequence[str]) -> dict[str, float]:
    engines = ["onnxruntime", *(["openvino"] if find_spec("openvino") else [])]
    readers = {f"onrecord, {engine}": Reader.load(engine=engine) for engine in engines}
    readers |= {f"onrecord, {engine}, {Path(m).name}": Reader.load(m, engine=engine) for m in models for engine in engines}
    contestants: dict[str, Callable[[], object]] = {name: lambda r=reader: [read(r, t) for t in texts] for name, reader in readers.items()}
    if "spacy" in rivals:
        import spacy

        nlp = spacy.load(os.environ.get("SPACY_MODEL", "en_core_web_md"))
        contestants["spaCy en_core_web_md"] = lambda: list(nlp.pipe(texts, batch_size=8))
    return {name: round(len(texts) / seconds, 2) for name, seconds in take_turns(contestants, rounds).items()}


def read(reader: Reader, text: str) -> object:
    (article,) = read_articles(from_text(text))
    return find_statements(article, reader.read(article))


def pieces(texts: Sequence[str]) -> int:
    """The tokens that the network sees, windows' overlap not counted."""
    reader = Reader.load(engine="onnxruntime")
    return sum(len(s.offsets) for t in texts for a in read_articles(from_text(t)) for s in reader.read(a).streams)


def shares(texts: Sequence[str]) -> dict[str, str]:
    """Per cent of the time that each stage takes."""
    reader = Reader.load(engine="onnxruntime")
    spent = dict.fromkeys(("paragraphs, language", "word pieces, marks, features", "network", "decoding, linking, words"), 0.0)
    network = reader._session.run

    def timed(*arrays: Any) -> Any:
        began = time.perf_counter()
        try:
            return network(*arrays)
        finally:
            spent["network"] += time.perf_counter() - began

    reader._session.run = timed
    for text in texts:
        began = time.perf_counter()
        (article,) = read_articles(from_text(text))
        cut = time.perf_counter()
        inside = spent["network"]
        reading = reader.read(article)
        done = time.perf_counter()
        find_statements(article, reading)
        spent["paragraphs, language"] += cut - began
        spent["word pieces, marks, features"] += done - cut - (spent["network"] - inside)
        spent["decoding, linking, words"] += time.perf_counter() - done
    total = sum(spent.values())
    return {name: f"{100 * seconds / total:.0f}%" for name, seconds in spent.items()}


def pages(texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Extraction alone: onrecord, and trafilatura's own text, from the same pages."""
    from trafilatura import extract

    made = []
    for text in texts:
        title, *rest = [line for line in text.splitlines() if line.strip()]
        nav = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(60))
        body = "".join(f"<p>{line}</p>" for line in rest)
        page = f"<!doctype html><html lang=en><title>{title}</title><nav><ul>{nav}</ul></nav><article><h1>{title}</h1>{body}</article></html>"
        made.append(page.encode())
    runs = {
        "onrecord (paragraph kinds, metadata)": lambda: [read_articles(from_bytes(p, media_type="text/html")) for p in made],
        "trafilatura (text)": lambda: [extract(p) for p in made],
    }
    return {name: round(len(texts) / seconds, 1) for name, seconds in take_turns(runs, rounds).items()}


def cold_start(rounds: int) -> dict[str, float]:
    """A fresh process, until the first article is read and printed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt"
        path.write_text('"We will not sign," the mayor said on Tuesday.', encoding="utf-8")
        main_ = "from onrecord.cli import main; main()"
        runs = {
            "onrecord read, one sentence": lambda: subprocess.run([sys.executable, "-c", main_, "read", str(path)], check=True, capture_output=True),
            "import onrecord": lambda: subprocess.run([sys.executable, "-c", "import onrecord"], check=True),
            "import trafilatura, onnxruntime": lambda: subprocess.run([sys.executable, "-c", "import trafilatura, onnxruntime"], check=True),
        }
        return {name: round(seconds, 2) for name, seconds in take_turns(runs, rounds).items()}


def peak(texts: Sequence[str]) -> dict[str, float]:
    """In processes of their own: what stays is counted, too."""
    out = {}
    for name, some in (
        ("one article", texts[:1]),
        (f"{len(texts)} articles", texts),
        ("one article of 100,000 words", ["\n\n".join(texts * 200)[:600_000]]),
    ):
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(list(some), file)
            file.flush()
            done = subprocess.run([sys.executable, __file__, "--memory", file.name], check=True, capture_output=True, text=True)
        out[name] = json.loads(done.stdout)
    return out


def memory(texts: Sequence[str]) -> int:
    reader = Reader.load(engine="onnxruntime")
    for text in texts:
        read(reader, text)
    # Not ru_maxrss: a child process starts with its parent's.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024)


def growth(texts: Sequence[str]) -> dict[str, float]:
    """One article, longer and longer: the last column should grow as the first."""
    reader = Reader.load(engine="onnxruntime")
    whole = "\n\n".join(texts)
    out = {}
    for words in (100, 1000, 10_000, 30_000):
        text = whole
        while len(text.split()) < words:
            text += "\n\n" + whole
        cut = " ".join(text.split(" ")[:words])
        began = time.perf_counter()
        read(reader, cut)
        out[f"{len(cut.split()):,} words"] = round(time.perf_counter() - began, 3)
    return out


if __name__ == "__main__":
    main()
