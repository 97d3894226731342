"""Train the attribution reader on PolNeAR.

    python -m training.attribution --data DIR --encoder DIR --out DIR [--epochs 6] [--minutes 90]

The learning rate falls to nothing over the epochs or the minutes, whichever end first; a run that is cut short resumes
from `checkpoint.pt`. One epoch is 200,000 GFLOP: about 15 minutes on two AVX2 cores, 4 with AMX, seconds on a GPU.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from onrecord.reading.features import token_features
from onrecord.reading.marks import find_quoted
from onrecord.statements.decoding import Lattice, spans_of
from training.augment import Labelled, vary
from training.encoder import TAGS, Reader, crf_nll, link_scores

WINDOW = 254
ROLES = ("source", "cue", "content")


def load(path: Path) -> list[Labelled]:
    """Read PolNeAR as JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_labelled(json.loads(line)) for line in lines]


def _labelled(record: dict) -> Labelled:
    roles = tuple({r: [(s, e) for s, e in a.get(r) or []] for r in ROLES} for a in record["attributions"])
    return Labelled(record["text"], roles)


class Encoded:
    """Word pieces of one article with features, tags and links."""

    def __init__(self, article: Labelled, tokenizer: Tokenizer) -> None:
        encoding = tokenizer.encode(article.text, add_special_tokens=False)
        self.ids = np.array(encoding.ids, dtype=np.int64)
        self.offsets = encoding.offsets
        self.features = token_features(article.text, encoding.offsets, find_quoted(article.text))
        starts = np.array([s for s, _ in encoding.offsets] or [0])
        ends = np.array([e for _, e in encoding.offsets] or [0])
        self.tags = np.zeros(len(self.ids), dtype=np.int64)
        #: For a content piece: the first piece of its cue. For the first piece of a cue: the first of its source.
        #: -1 is nothing to learn, -2 is "has none".
        self.cue_of = np.full(len(self.ids), -1, dtype=np.int64)
        self.source_of = np.full(len(self.ids), -1, dtype=np.int64)
        for attribution in article.attributions:
            first: dict[str, int] = {}
            pieces: list[tuple[int, int]] = []
            for role in ROLES:
                for s, e in attribution[role]:
                    i, j = int(np.searchsorted(ends, s, side="right")), int(np.searchsorted(starts, e, side="left"))
                    if i >= j:
                        continue
                    tag = TAGS.index(f"B-{role}")
                    self.tags[i:j] = tag + 1
                    self.tags[i] = tag
                    first.setdefault(role, i)
                    if role == "content":
                        pieces.append((i, j))
            for i, j in pieces:
                self.cue_of[i:j] = first.get("cue", -2)
            if "cue" in first:
                self.source_of[first["cue"]] = first.get("source", -2)


Window = tuple[Encoded, int, int]


def windows(articles: list[Encoded], rng: random.Random) -> list[Window]:
    """Cut articles at random places into windows."""
    out = []
    for a in articles:
        n = len(a.ids)
        if n == 0:
            continue
        cuts = [0, *range(rng.randint(24, WINDOW), n, WINDOW), n] if n > WINDOW else [0, n]
        if len(cuts) > 2 and cuts[-1] - cuts[-2] < 24:
            del cuts[-2]
            cuts = [0, *[c for c in range(cuts[1], n, WINDOW)][:-1], n] if len(cuts) > 2 else cuts
        for s, e in zip(cuts, cuts[1:], strict=False):
            for p in range(s, e, WINDOW):
                out.append((a, p, min(e, p + WINDOW)))
    return out


def batches(items: list[Window], size: int, rng: random.Random) -> list[list[Window]]:
    """Shuffle, then put windows of like length together."""
    rng.shuffle(items)
    out = []
    for i in range(0, len(items), size * 40):
        chunk = sorted(items[i : i + size * 40], key=lambda w: w[2] - w[1])
        out += [chunk[j : j + size] for j in range(0, len(chunk), size)]
    rng.shuffle(out)
    return out


def tensors(batch: list[Window], cls: int, sep: int) -> dict[str, torch.Tensor]:
    """Pad a batch; [CLS] and [SEP] take the first place and the place after the last."""
    longest = max(e - s for _, s, e in batch) + 2
    b = len(batch)
    ids = np.zeros((b, longest), dtype=np.int64)
    features = np.zeros((b, 3, longest), dtype=np.int64)
    mask = np.zeros((b, longest), dtype=np.int64)
    tags = np.zeros((b, longest - 2), dtype=np.int64)
    cue_of = np.full((b, longest - 2), -1, dtype=np.int64)
    source_of = np.full((b, longest - 2), -1, dtype=np.int64)
    for r, (a, s, e) in enumerate(batch):
        n = e - s
        ids[r, : n + 2] = [cls, *a.ids[s:e], sep]
        features[r, :, 1 : n + 1] = a.features[:, s:e]
        mask[r, : n + 2] = 1
        tags[r, :n] = a.tags[s:e]
        if tags[r, 0] in (2, 4, 6):
            # The span began before the window: call its first piece B, so that the grammar holds.
            tags[r, 0] -= 1
        for target, out in ((a.cue_of, cue_of), (a.source_of, source_of)):
            t = target[s:e]
            out[r, :n] = np.where(t >= 0, np.where((t >= s) & (t < e), t - s, -1), t)
    arrays = {"ids": ids, "features": features, "mask": mask, "tags": tags, "cue_of": cue_of, "source_of": source_of}
    return {k: torch.from_numpy(v) for k, v in arrays.items()} | {"lengths": torch.tensor([e - s for _, s, e in batch])}


def loss_of(model: Reader, batch: dict[str, torch.Tensor], *, half: bool = False) -> tuple[torch.Tensor, dict[str, float]]:
    """CRF loss a word piece, and cross-entropy of the links. The encoder runs in bfloat16 if half, the rest in float32."""
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        emissions, links = model(batch["ids"], batch["features"], batch["mask"])
    emissions, links = emissions[:, 1:-1].float(), links[:, 1:-1].float()
    pieces = batch["lengths"].sum()
    tagging = crf_nll(emissions, batch["tags"], batch["lengths"], model.transitions, model.start) / pieces
    to_cue, no_cue, to_source, no_source = link_scores(links, model.no_link)
    is_cue = batch["tags"] == TAGS.index("B-cue")
    is_source = batch["tags"] == TAGS.index("B-source")
    parts = []
    for scores, none, targets, columns in ((to_cue, no_cue, batch["cue_of"], is_cue), (to_source, no_source, batch["source_of"], is_source)):
        # A gold piece that another attribution's tag has taken cannot be chosen: nothing to learn there.
        reachable = columns.gather(1, targets.clamp(min=0)) | (targets < 0)
        rows = (targets != -1) & reachable
        if not rows.any():
            parts.append(scores.sum() * 0)
            continue
        logits = scores.masked_fill(~columns[:, None, :], -1e4)
        logits = torch.cat([none[:, :, None], logits], dim=2)
        gold = torch.where(targets == -2, torch.zeros_like(targets), targets + 1)
        parts.append(F.cross_entropy(logits[rows], gold[rows]))
    total = tagging + 0.2 * parts[0] + 0.1 * parts[1]
    return total, {"tag": tagging.item(), "to_cue": parts[0].item(), "to_source": parts[1].item()}


@torch.no_grad()
def evaluate(model: Reader, articles: list[Encoded], cls: int, sep: int) -> dict[str, float]:
    """Exact span F1 a role over word pieces, windows joined at the middle of their overlap. For choosing; the product's own scorer reports."""
    model.eval()
    hits, gold, guess = dict.fromkeys(ROLES, 0), dict.fromkeys(ROLES, 0), dict.fromkeys(ROLES, 0)
    transitions, start = model.transitions.numpy(), model.start.numpy()
    for a in articles:
        n = len(a.ids)
        spans = [(s, min(n, s + WINDOW)) for s in range(0, max(1, n - 64), WINDOW - 64)]
        emissions = np.zeros((n, len(TAGS)), dtype=np.float32)
        edge = np.full(n, -1)
        batch = tensors([(a, s, e) for s, e in spans], cls, sep)
        out = model(batch["ids"], batch["features"], batch["mask"])[0][:, 1:-1].float().numpy()
        for r, (s, e) in enumerate(spans):
            d = np.minimum(np.arange(e - s) + (10**6 if s == 0 else 0), np.arange(e - s)[::-1] + (10**6 if e == n else 0))
            better = d > edge[s:e]
            emissions[s:e][better] = out[r, : e - s][better]
            edge[s:e][better] = d[better]
        mine = set(spans_of(Lattice(emissions, transitions=transitions, start=start, tags=TAGS).best(), TAGS))
        theirs = set(spans_of(a.tags, TAGS))
        for role in ROLES:
            hits[role] += len({x for x in mine & theirs if x[0] == role})
            gold[role] += sum(x[0] == role for x in theirs)
            guess[role] += sum(x[0] == role for x in mine)
    model.train()
    return {r: round(200 * hits[r] / max(1, gold[r] + guess[r]), 2) for r in ROLES}


def epochs_of(train: list[Labelled], tokenizer: Tokenizer, size: int, first: int, seed: int) -> Iterator[tuple[int, int, list[Window]]]:
    """Endless batches: epoch, number of batches in it, batch. Every epoch sees fresh variants."""
    epoch = first
    while True:
        rng = random.Random(seed * 1000 + epoch)
        encoded = []
        for article in train:
            e = Encoded(vary(article, rng), tokenizer)
            if rng.random() < 0.05:
                e.features[0] = np.minimum(e.features[0], 1)
            if rng.random() < 0.1:
                e.features[1] = np.minimum(e.features[1], 2)
            encoded.append(e)
        made = batches(windows(encoded, rng), size, rng)
        for batch in made:
            yield epoch, len(made), batch
        epoch += 1


def groups(model: Reader, rate: float) -> list[dict]:
    """Fresh parameters learn ten times as fast as pretrained ones."""
    fresh = ("features", "tags", "links", "no_link", "transitions", "start")
    new = [p for n, p in model.named_parameters() if n.split(".")[0] in fresh]
    flat = [p for n, p in model.named_parameters() if n.split(".")[0] not in fresh and p.ndim < 2]
    rest = [p for n, p in model.named_parameters() if n.split(".")[0] not in fresh and p.ndim >= 2]
    return [
        {"params": rest, "base": rate, "weight_decay": 0.01},
        {"params": flat, "base": rate, "weight_decay": 0.0},
        {"params": new, "base": rate * 10, "weight_decay": 0.0},
    ]


class Mean:
    """A running mean of a model's weights (Izmailov et al. 2018; exponential, so that early weights fade)."""

    def __init__(self, model: Reader, keep: float) -> None:
        self.model, self.keep = model, keep
        self.weights = {n: p.detach().clone() for n, p in model.named_parameters()} if keep else {}

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after a step; the first steps count for more, or the start would linger."""
        keep = min(self.keep, (1 + step) / (10 + step))
        for name, p in self.model.named_parameters() if self.keep else ():
            self.weights[name].lerp_(p, 1 - keep)

    @contextmanager
    def swapped(self) -> Iterator[None]:
        """The model with the mean as its weights."""
        kept = {n: p.detach().clone() for n, p in self.model.named_parameters() if n in self.weights}
        with torch.no_grad():
            for name, p in self.model.named_parameters():
                p.copy_(self.weights.get(name, p))
            try:
                yield
            finally:
                for name, p in self.model.named_parameters():
                    p.copy_(kept.get(name, p))


def main() -> None:
    """Train, evaluate after each epoch, keep a checkpoint."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True, help="folder with polnear.{train,dev}.jsonl.gz")
    p.add_argument("--encoder", type=Path, required=True, help="folder with config.json, model.safetensors, tokenizer.json")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--epochs", type=int, default=6)
    p.add_argument("--minutes", type=float, default=1e9)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--rate", type=float, default=1e-4)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--bf16", action="store_true", help="run the encoder in bfloat16: 3 to 5 times faster where the processor has it (avx512_bf16, AMX)")
    p.add_argument("--compile", action="store_true", help="let torch fuse the encoder's layers")
    p.add_argument("--masked", type=float, default=0.0, help="share of word pieces hidden behind [MASK] in training, features kept: 840 articles are soon known by heart")
    p.add_argument("--average", type=float, default=0.0, help="keep this share of a running mean of the weights at each step, and evaluate and save the mean (0.998; 0 for none)")
    p.add_argument("--peek", type=int, default=10**9, help="evaluate on so many dev articles after each epoch")
    p.add_argument("--steps", type=int, default=10**9, help="stop after so many batches (for trying things)")
    a = p.parse_args()
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(a.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    cls, sep, mask_id = (tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]", "[MASK]"))
    train = load(a.data / "polnear.train.jsonl.gz")
    dev = [Encoded(x, tokenizer) for x in load(a.data / "polnear.dev.jsonl.gz")]
    model = Reader.from_bert(a.encoder)
    mean = Mean(model, a.average)
    optimizer = torch.optim.AdamW(groups(model, a.rate), betas=(0.9, 0.98), eps=1e-6, fused=True)
    done, used, first = 0, 0.0, 0
    checkpoint = a.out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        mean.weights = saved["mean"]
        done, used, first = saved["done"], saved["used"], saved["epoch"] + 1
    if a.compile:
        for layer in model.layers:
            layer.compile(dynamic=True)
    model.train()
    began, last, seen, log = time.time() - used, first, 0, {}
    for epoch, per_epoch, items in epochs_of(train, tokenizer, a.batch, first, a.seed):
        if epoch != last:
            with mean.swapped():
                print("dev", evaluate(model, dev[: a.peek], cls, sep), flush=True)
            saved = {"model": model.state_dict(), "mean": mean.weights, "optimizer": optimizer.state_dict(), "done": done, "used": time.time() - began, "epoch": last}
            torch.save(saved, checkpoint)
            with mean.swapped():
                torch.save({"model": model.state_dict()}, a.out / f"epoch-{last + 1}.pt")
            last = epoch
        progress = max(done / (a.epochs * per_epoch), (time.time() - began) / 60 / a.minutes)
        if progress >= 1 or done >= a.steps:
            break
        factor = min(1.0, progress / 0.06 + 0.01) * (1 - progress)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * factor
        batch = tensors(items, cls, sep)
        if a.masked:
            hide = (torch.rand(batch["ids"].shape) < a.masked) & (batch["ids"] != cls) & (batch["ids"] != sep)
            batch["ids"].masked_fill_(hide, mask_id)
        loss, parts = loss_of(model, batch, half=a.bf16)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        done += 1
        mean.update(done)
        seen += int(batch["lengths"].sum())
        for k, v in parts.items():
            log[k] = 0.98 * log.get(k, v) + 0.02 * v
        if done % 20 == 0:
            shown = {k: round(v, 4) for k, v in log.items()}
            minutes = (time.time() - began) / 60
            print(f"{minutes:6.1f} min, epoch {epoch}, step {done} of {per_epoch} an epoch, progress {progress:.3f}, {seen / (minutes - used / 60) / 60:.0f} pieces/s", shown, flush=True)
    with mean.swapped():
        print("dev", evaluate(model, dev, cls, sep), flush=True)
        torch.save({"model": model.state_dict()}, a.out / "model.pt")


if __name__ == "__main__":
    main()
