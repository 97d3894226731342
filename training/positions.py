"""Train the network that codes positions.

    python -m training.positions --data DATA --encoder ENCODER --codes training/positions_data/codes.jsonl --out run/positions-net [--epochs 3] [--frozen 6]

The lower layers stay as they are: what is learned here from some ten thousand short texts moves the upper ones. The third head is held to the vectors of
the encoder as it was, so that one pass gives act and place among other statements. Goes on from its last epoch when it is started again.
"""

from __future__ import annotations

import argparse
import copy
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onrecord.models import WordPieces
from onrecord.positions.inputs import encode
from onrecord.scoring.stances import articles_by_digest
from training.positions_examples import Example, acting, claims, coded, contrary, crossed, from_claims, from_plover, made
from training.positions_net import ACTS, STANCES, Coder


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True, help="folder with positions/ and unlabelled/")
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--codes", type=Path, help="statements coded by hand; without: Perspectrum, PLOVER and the grammar alone")
    p.add_argument("--issues", type=Path, default=Path("training/positions_data/issues.yaml"))
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--init", type=Path, help="a checkpoint to begin from")
    p.add_argument("--epochs", type=int, default=3)
    p.add_argument("--frozen", type=int, default=6)
    p.add_argument("--rate", type=float, default=8e-5)
    p.add_argument("--pieces", type=int, default=1600, help="word pieces in a batch")
    p.add_argument("--claims", type=float, default=1.0, help="share of Perspectrum's claims in an epoch")
    p.add_argument("--repeat", type=int, default=1, help="how often statements coded by hand come in an epoch")
    p.add_argument("--acts", type=int, default=1, help="how often their acts come")
    p.add_argument("--crossed", type=float, default=0.5, help="statements beside an issue that is not theirs, for each coded one")
    p.add_argument("--contrary", type=float, default=0.0, help="share of those for or against an issue that come beside its contrary, too")
    p.add_argument("--hold", type=float, default=2.0, help="weight of the loss that keeps vectors where the encoder put them")
    p.add_argument("--made", type=int, default=900, help="sentences of the grammar")
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(a.seed)
    pieces = WordPieces(a.encoder / "tokenizer.json")
    model = Coder.from_bert(a.encoder)
    before = copy.deepcopy(model).eval()
    if a.init:
        model.load_state_dict(torch.load(a.init, map_location="cpu")["model"])
    model.frozen = a.frozen
    for name, weight in model.named_parameters():
        top = name.split(".")
        weight.requires_grad = top[0] not in ("word", "position", "kind", "norm") and not (top[0] == "layers" and int(top[1]) < a.frozen)
    known = claims(a.data / "positions", "train")
    texts = articles_by_digest(a.data / "unlabelled" / "news.jsonl.xz") if a.codes else {}
    events = from_plover(a.data / "positions" / "plover-gsr.json")
    print(len(known), "claims,", len(events), "events", flush=True)
    trained = [w for w in model.parameters() if w.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=a.rate, weight_decay=0.01)
    steps_done, start = 0, 0
    last = a.out / "last.pt"
    if last.exists():
        state = torch.load(last, map_location="cpu")
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        start, steps_done = state["epoch"], state["steps"]
    total = None
    for epoch in range(start, a.epochs):
        rng = random.Random(f"{a.seed} {epoch}")
        rows = list(from_claims(rng.sample(known, round(len(known) * a.claims)), rng))
        # Read anew each time: coders go on while the network learns.
        hand = coded(a.codes, a.issues, texts, "train") if a.codes else []
        if hand:
            rows += hand * a.repeat + list(crossed(hand, rng, round(len(hand) * a.crossed)))
            counts = Counter(e.acts[0] for e in hand)
            rare = {act: min(3.0, (len(hand) / len(ACTS) / n) ** 0.5) for act, n in counts.items()}
            rows += [replace(e, issue=None, stance=None, weight=rare[e.acts[0]]) for e in hand] * a.acts
        rows += list(contrary(rows, rng, a.contrary))
        if a.hold > 2:
            # An issue's own text has a vector, too: statements are found by how near they are to it.
            asked = sorted({e.issue for e in rows if e.issue and e.stance is not None})
            rows += [Example(None, text) for text in rng.sample(asked, min(len(asked), 300))]
        rows += events + list(made([c.text for c in known], rng, a.made)) + list(acting(rng, a.made // 12))
        print(f"epoch {epoch}: {len(rows)} examples, {len(hand)} coded by hand", flush=True)
        batches = batched(rows, pieces, rng, a.pieces)
        total = total or len(batches) * a.epochs
        began, sums = time.time(), np.zeros(3)
        model.train()
        for n, (batch, ids, kinds, mask) in enumerate(batches, 1):
            rate = a.rate * min(1.0, (steps_done + 1) / 100) * max(0.02, 1 - steps_done / max(total, steps_done + 1))
            for group in optimizer.param_groups:
                group["lr"] = rate
            losses = loss(model, before, batch, ids, kinds, mask, a.hold)
            optimizer.zero_grad(set_to_none=True)
            sum(losses).backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            steps_done += 1
            sums += [float(x.detach()) for x in losses]
            if n % 50 == 0:
                print(f"epoch {epoch} step {n}/{len(batches)} {time.time() - began:.0f} s, stance {sums[0] / n:.3f} act {sums[1] / n:.3f} vector {sums[2] / n:.4f}", flush=True)
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch + 1, "steps": steps_done}, last)
        torch.save({"model": model.state_dict()}, a.out / f"epoch-{epoch + 1}.pt")
        evaluate(model, pieces, a, texts)
    torch.save({"model": model.state_dict()}, a.out / "model.pt")


def batched(rows: Sequence[Example], pieces: WordPieces, rng: random.Random, size: int) -> list[tuple[list[Example], Tensor, Tensor, Tensor]]:
    """Batches of like lengths, in random order. Of one in four the words before are left out, so that they are a help and no crutch."""
    inputs = encode(pieces, [(e.issue if e.stance is not None else None, e.said, "" if rng.random() < 0.25 else e.before) for e in rows])
    order = sorted(range(len(rows)), key=lambda n: (len(inputs[n][0]) + rng.randrange(6), rng.random()))
    out, at = [], 0
    while at < len(order):
        longest, end = 0, at
        while end < len(order) and max(longest, len(inputs[order[end]][0])) * (end - at + 1) <= size:
            longest = max(longest, len(inputs[order[end]][0]))
            end += 1
        end = max(end, at + 1)
        some = order[at:end]
        out.append(([rows[n] for n in some], *padded([inputs[n] for n in some])))
        at = end
    rng.shuffle(out)
    return out


def padded(inputs: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[Tensor, Tensor, Tensor]:
    width = max(len(i) for i, _ in inputs)
    ids, kinds, mask = (torch.zeros(len(inputs), width, dtype=torch.long) for _ in range(3))
    for n, (i, k) in enumerate(inputs):
        ids[n, : len(i)], kinds[n, : len(i)], mask[n, : len(i)] = torch.from_numpy(i), torch.from_numpy(k), 1
    return ids, kinds, mask


def loss(model: Coder, before: Coder, batch: Sequence[Example], ids: Tensor, kinds: Tensor, mask: Tensor, hold: float) -> list[Tensor]:
    """Of stance, of acts (that one of the set holds), and of having left the encoder's place for a text."""
    zero = torch.zeros(())
    x, allowed = model.below(ids, kinds, mask)
    stance, act, vector = model.above(x, allowed, mask)
    weights = torch.tensor([e.weight for e in batch])
    asked = torch.tensor([n for n, e in enumerate(batch) if e.stance is not None], dtype=torch.long)
    of_stance = zero
    if len(asked):
        gold = torch.tensor([e.stance for e in batch if e.stance is not None])
        of_stance = (F.cross_entropy(stance[asked], gold, reduction="none", label_smoothing=0.05) * weights[asked]).mean()
    of_act = zero
    acting = [n for n, e in enumerate(batch) if e.acts and e.stance is None]
    if acting:
        logs = F.log_softmax(act[acting], dim=-1)
        allowed_acts = torch.full((len(acting), len(ACTS)), float("-inf"))
        for row, n in enumerate(acting):
            allowed_acts[row, list(batch[n].acts)] = 0.0
        of_act = (-torch.logsumexp(logs + allowed_acts, dim=-1) * weights[acting]).mean()
    alone = [n for n, e in enumerate(batch) if e.stance is None]
    of_vector = zero
    if alone:
        with torch.no_grad():
            y = x[alone]
            for layer in before.layers[model.frozen :]:
                y = layer(y, allowed[alone])
            m = mask[alone, :, None].to(y.dtype)
            wanted = F.normalize((y * m).sum(1) / m.sum(1), dim=-1)
        of_vector = hold * (1 - (vector[alone] * wanted).sum(-1)).mean()
    return [of_stance, of_act, of_vector]


@torch.no_grad()
def logits(model: Coder, rows: Sequence[Example], pieces: WordPieces, *, alone: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Stance and act logits, in the order of the rows."""
    model.eval()
    inputs = encode(pieces, [(None if alone else e.issue, e.said, e.before) for e in rows])
    order = sorted(range(len(rows)), key=lambda n: len(inputs[n][0]))
    stance, act = np.zeros((len(rows), len(STANCES)), np.float32), np.zeros((len(rows), len(ACTS)), np.float32)
    for at in range(0, len(order), 24):
        some = order[at : at + 24]
        s, c, _ = model(*padded([inputs[n] for n in some]))
        stance[some], act[some] = s.numpy(), c.numpy()
    return stance, act


def macro(gold: np.ndarray, guess: np.ndarray, labels: Sequence[int]) -> tuple[float, dict[int, float]]:
    each = {}
    for label in labels:
        hit = int(((gold == label) & (guess == label)).sum())
        there = int((gold == label).sum()) + int((guess == label).sum())
        each[label] = 2 * hit / there if there else 0.0
    return sum(each.values()) / len(each), each


def evaluate(model: Coder, pieces: WordPieces, a: argparse.Namespace, texts: dict[str, str]) -> None:
    """On the claims of Perspectrum's dev part and the hand-coded issues of `dev`; nothing here looks at what is held aside."""
    rng = random.Random(0)
    some = rng.sample(claims(a.data / "positions", "dev"), 70)
    rows = [Example(c.text, texts_[0], stance=s) for c in some for texts_, s in c.clusters]
    scores, _ = logits(model, rows, pieces)
    gold = np.array([e.stance for e in rows])
    print(f"  perspectrum dev ({len(rows)}): macro-F1 {100 * macro(gold, 1 + scores[:, 1:3].argmax(1), (1, 2))[0]:.1f}", flush=True)
    if a.codes:
        rows = coded(a.codes, a.issues, texts, "dev")
        scores, _ = logits(model, rows, pieces)
        gold, guess = np.array([e.stance for e in rows]), scores.argmax(1)
        whole, each = macro(gold, guess, range(len(STANCES)))
        sided = np.isin(gold, (1, 2))
        print(f"  which side, where there is one ({int(sided.sum())}): macro-F1 {100 * macro(gold[sided], 1 + scores[sided, 1:3].argmax(1), (1, 2))[0]:.1f}", flush=True)
        print(f"  coded by hand, dev ({len(rows)}): macro-F1 {100 * whole:.1f}", {STANCES[k]: round(100 * v, 1) for k, v in each.items()}, "accuracy", round(float((gold == guess).mean()), 3), flush=True)
        _, acts = logits(model, rows, pieces, alone=True)
        gold = np.array([e.acts[0] for e in rows])
        there = sorted(set(gold.tolist()))
        print(f"  acts, dev: macro-F1 {100 * macro(gold, acts.argmax(1), there)[0]:.1f}, accuracy {float((gold == acts.argmax(1)).mean()):.3f}", flush=True)


if __name__ == "__main__":
    main()
