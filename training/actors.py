"""Train the branch that finds names, mentions and who is who.

    python -m training.actors --data run/actors --encoder DIR --out run/branch [--epochs 16] [--leave-out NAMES]

`--data` is what training.actors_data wrote. A step is one document of GUM and one batch of name windows. A run that is cut short goes on
from its last epoch.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onrecord.actors.mentions import describe_mentions
from onrecord.actors.pairs import pair_features
from onrecord.actors.spans import candidate_spans, width_bucket
from onrecord.scoring.coreference import ClusterCounts, count_clusters
from onrecord.statements.decoding import Lattice, spans_of
from training.attribution import Mean
from training.branch import NAME_TAGS, PAIR_WIDTH, SPAN_WIDTH, Branch, split

#: Mentions looked at, for each word piece.
DENSITY = 0.3


class Document:
    """One text of GUM, ready for training: candidates, gold, pair features made when needed."""

    def __init__(self, raw: dict) -> None:
        self.raw = raw
        self.offsets = raw["offsets"]
        self.spans = candidate_spans(raw["text"], self.offsets, raw["setting"].sentences)
        self.widths = torch.from_numpy(width_bucket(self.spans))
        index = {(int(a), int(b)): k for k, (a, b) in enumerate(self.spans)}
        self.cluster = np.full(len(self.spans), -1)
        names: dict[str, int] = {}
        for a, b, g in raw["clusters"]:
            if (a, b) in index:
                self.cluster[index[a, b]] = names.setdefault(g, len(names))
        self.is_mention = np.zeros(len(self.spans), dtype=np.float32)
        self.is_mention[self.cluster >= 0] = 1
        self.kind = np.full(len(self.spans), -1)
        for a, b, kind in raw["mentions"]:
            if (a, b) in index:
                self.is_mention[index[a, b]] = 1
                self.kind[index[a, b]] = kind
        gold: dict[str, set] = {}
        for a, b, g in raw["clusters"]:
            gold.setdefault(g, set()).add((a, b))
        self.gold = [frozenset(c) for c in gold.values()]
        self.reachable = sum(len(c & index.keys()) for c in self.gold) / max(1, sum(map(len, self.gold)))


def pieces(model: Branch, cut: dict, *, half: bool) -> Tensor:
    """Output of every word piece of a document, each from the window that owns it: (n, width)."""
    hidden, mask = cut["hidden"].float(), cut["mask"]
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        out = model(hidden, mask)
    out = out.float()
    return torch.cat([out[r, a - s + 1 : b - s + 1] for r, ((s, _), (a, b)) in enumerate(zip(cut["ranges"], cut["owners"], strict=True))])


class _Look(torch.autograd.Function):
    """`table[index]` for a flat table; the gradient by counting, as torch's own adds element by element (half of all the time)."""

    @staticmethod
    def forward(ctx, table: Tensor, index: Tensor) -> Tensor:
        ctx.save_for_backward(index)
        ctx.size = len(table)
        return table[index]

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor, None]:
        (index,) = ctx.saved_tensors
        return torch.bincount(index.flatten(), weights=grad.flatten(), minlength=ctx.size).to(grad.dtype), None


def span_scores(parts: dict[str, Tensor], spans: Tensor, widths: Tensor, model: Branch) -> Tensor:
    """How likely each stretch is a mention, as a logit."""
    a, b = spans[:, 0], spans[:, 1] - 1
    inner = (parts["span_start"].index_select(0, a) * parts["span_end"].index_select(0, b)).sum(-1) / math.sqrt(SPAN_WIDTH)
    return inner + _Look.apply(parts["unary_start"][:, 0], a) + _Look.apply(parts["unary_end"][:, 0], b) + _Look.apply(model.width, widths)


def pair_scores(parts: dict[str, Tensor], spans: Tensor, features: Tensor, model: Branch) -> Tensor:
    """Score of each pair of chosen mentions (later, earlier)."""
    a, b = spans[:, 0], spans[:, 1] - 1
    later, earlier = parts["later_start"][a] + parts["later_end"][b], parts["earlier_start"][a] + parts["earlier_end"][b]
    link = parts["link_start"][a, 0] + parts["link_end"][b, 0]
    scores = later @ earlier.T / math.sqrt(PAIR_WIDTH) + link[:, None] + link[None, :]
    for k, table in enumerate(model.pairs):
        scores = scores + _Look.apply(table, features[..., k])
    return scores


def choose(scores: np.ndarray, document: Document, *, gold: bool) -> np.ndarray:
    """Numbers of the stretches that are compared, in order."""
    count = min(int(DENSITY * len(document.offsets)) + 8, len(scores))
    best = np.argpartition(-scores, count - 1)[:count] if len(scores) else np.zeros(0, dtype=int)
    best = best[scores[best] > -3]
    if gold:
        best = np.union1d(best, np.flatnonzero(document.cluster >= 0))
    return np.sort(best)


def features_of(document: Document, chosen: np.ndarray, *, blind: bool = False) -> Tensor:
    """Pair features of chosen stretches; blind to statements if asked, so that the branch does not lean on them alone."""
    spans = document.spans[chosen]
    offsets = np.stack([document.offsets[spans[:, 0], 0], document.offsets[spans[:, 1] - 1, 1]], axis=1)
    setting = document.raw["setting"]
    if blind:
        setting = type(setting)(setting.sentences, setting.paragraphs, setting.quotations, ())
    m = describe_mentions(document.raw["text"], offsets, setting)
    everyone = np.arange(len(chosen))
    return torch.from_numpy(pair_features(m, everyone, everyone))


def document_loss(model: Branch, document: Document, rng: random.Random, *, half: bool) -> tuple[Tensor, dict[str, float]]:
    """Mentions, their kinds, and antecedents of one document."""
    parts = split(pieces(model, document.raw["cuts"][rng.randrange(2)], half=half))
    spans = torch.from_numpy(document.spans)
    scores = span_scores(parts, spans, document.widths, model)
    gold = torch.from_numpy(document.is_mention)
    mention = F.binary_cross_entropy_with_logits(scores, gold, reduction="sum") / gold.sum().clamp(min=1)
    kinds = torch.from_numpy(document.kind)
    known = kinds >= 0
    a, b = spans[known, 0], spans[known, 1] - 1
    kind = F.cross_entropy(parts["kind_start"][a] + parts["kind_end"][b], kinds[known])
    chosen = choose(scores.detach().numpy(), document, gold=True)
    pairs = pair_scores(parts, spans[chosen], features_of(document, chosen, blind=rng.random() < 0.15), model)
    cluster = torch.from_numpy(document.cluster[chosen])
    earlier = torch.tril(torch.ones(len(chosen), len(chosen), dtype=torch.bool), -1)
    pairs = pairs.masked_fill(~earlier, -1e9)
    same = earlier & (cluster[:, None] == cluster[None, :]) & (cluster[:, None] >= 0)
    none = torch.zeros(len(chosen), 1)
    everything = torch.logsumexp(torch.cat([none, pairs], 1), 1)
    right = torch.where(same.any(1), torch.logsumexp(pairs.masked_fill(~same, -1e9), 1), none[:, 0])
    link = (everything - right).sum() / max(1, int((cluster >= 0).sum()))
    return 0.5 * mention + 0.3 * kind + link, {"mention": mention.item(), "kind": kind.item(), "link": link.item()}


def name_loss(model: Branch, windows: list[dict], *, half: bool) -> Tensor:
    """CRF over name tags; where the corpus does not tell, every tag it leaves open is right."""
    longest = max(len(w["tags"]) for w in windows)
    hidden = torch.zeros(len(windows), longest + 2, 384)
    mask, tags = torch.zeros(len(windows), longest + 2, dtype=torch.long), torch.full((len(windows), longest), -9)
    for r, w in enumerate(windows):
        n = len(w["tags"])
        hidden[r, : n + 2], mask[r, : n + 2], tags[r, :n] = w["hidden"].float(), 1, w["tags"]
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        out = model(hidden, mask)
    emissions = split(out)["names"][:, 1:-1].float()
    allowed = F.one_hot(tags.clamp(min=0), len(NAME_TAGS)).bool()
    allowed[tags == -1] = True
    loose = torch.tensor([t == "O" or t[2:] in ("date", "money", "product", "facility") for t in NAME_TAGS])
    allowed[tags == -2] = loose
    lengths = (tags != -9).sum(1)
    valid = torch.arange(longest)[None, :] < lengths[:, None]

    def total(scores: Tensor) -> Tensor:
        alpha = model.start + scores[:, 0]
        for t in range(1, longest):
            step = torch.logsumexp(alpha[:, :, None] + model.transitions[None], dim=1) + scores[:, t]
            alpha = torch.where(valid[:, t, None], step, alpha)
        return torch.logsumexp(alpha, dim=1)

    return (total(emissions) - total(emissions.masked_fill(~allowed, -1e4))).sum() / lengths.sum()


@torch.no_grad()
def evaluate(model: Branch, documents: list[Document], windows: list[dict]) -> dict[str, float]:
    """CoNLL F1 and mention F1 on documents, name F1 on windows. For choosing; the product's own scorer reports."""
    model.eval()
    counts, found = ClusterCounts(), np.zeros(3)
    for d in documents:
        parts = split(pieces(model, d.raw["cuts"][0], half=False))
        spans = torch.from_numpy(d.spans)
        scores = span_scores(parts, spans, d.widths, model).numpy()
        found += [((scores > 0) & (d.is_mention > 0)).sum(), (scores > 0).sum(), d.is_mention.sum()]
        chosen = choose(scores, d, gold=False)
        pairs = pair_scores(parts, spans[chosen], features_of(d, chosen), model).numpy()
        pairs[np.triu_indices(len(chosen))] = -1e9
        cluster: dict[int, set] = {}
        of: dict[int, int] = {}
        for i in range(len(chosen)):
            j = int(pairs[i].argmax()) if i else 0
            if i and pairs[i, j] > 0:
                root = of.setdefault(j, j)
                of[i] = root
                cluster.setdefault(root, {j}).add(i)
        guess = [frozenset((int(d.spans[chosen[i], 0]), int(d.spans[chosen[i], 1])) for i in c) for c in cluster.values()]
        counts = counts + count_clusters(d.gold, guess)
    hit = mine = theirs = 0
    transitions, start = model.transitions.numpy(), model.start.numpy()
    for k in range(0, len(windows), 8):
        for w in windows[k : k + 8]:
            out = split(model(w["hidden"].float()[None], torch.ones(1, len(w["tags"]) + 2, dtype=torch.long)))["names"][0, 1:-1].numpy()
            guess = set(spans_of(Lattice(out, transitions=transitions, start=start, tags=NAME_TAGS).best(), NAME_TAGS))
            gold = set(spans_of(w["tags"].numpy(), NAME_TAGS))
            hit, mine, theirs = hit + len(guess & gold), mine + len(guess), theirs + len(gold)
    model.train()
    f = lambda c: round(100 * ClusterCounts.f1(c), 1)  # noqa: E731
    return {"conll": round(100 * counts.conll, 2), "muc": f(counts.muc), "b3": f(counts.b_cubed), "ceaf": f(counts.ceaf), "coreferent mentions": f(counts.mentions),
            "mentions": round(200 * found[0] / max(1, found[1] + found[2]), 1), "names": round(200 * hit / max(1, mine + theirs), 2)}


def main() -> None:
    """Train, evaluate after each epoch, keep a checkpoint."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--first", type=int, default=6, help="the layer of the encoder that the branch begins with")
    p.add_argument("--layers", type=int, default=4)
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--rate", type=float, default=1.5e-4)
    p.add_argument("--average", type=float, default=0.998)
    p.add_argument("--windows", type=int, default=4, help="name windows a step")
    p.add_argument("--peek", type=int, default=4, help="evaluate every so many epochs")
    p.add_argument("--leave-out", default="", help="names of documents not to train on, besides the dev documents: speakers are measured on them")
    p.add_argument("--init", type=Path, help="start from this model.pt instead of the encoder's own layers")
    p.add_argument("--noise", type=float, default=0.1, help="share of the frozen states' entries that are dropped in training")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--bf16", action="store_true")
    a = p.parse_args()
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    left = set(a.leave_out.split(",")) - {""}
    documents = [Document(d) for d in torch.load(a.data / "gum.pt", weights_only=False)]
    names = torch.load(a.data / "names.pt", weights_only=False)
    train = [d for d in documents if d.raw["partition"] == "train" and d.raw["name"] not in left]
    dev = [d for d in documents if d.raw["partition"] == "dev"]
    print(len(train), "train,", len(dev), "dev documents; reachable gold mentions", round(float(np.mean([d.reachable for d in dev])), 3), flush=True)
    model = Branch.from_bert(a.encoder, first=a.first, layers=a.layers)
    if a.init:
        model.load_state_dict(torch.load(a.init, weights_only=False)["model"])
    model.noise = a.noise
    mean = Mean(model, a.average)
    fresh = [q for n, q in model.named_parameters() if not n.startswith("layers.")]
    old = [q for n, q in model.named_parameters() if n.startswith("layers.")]
    optimizer = torch.optim.AdamW(
        [{"params": old, "base": a.rate, "weight_decay": 0.01}, {"params": fresh, "base": a.rate * 10, "weight_decay": 0.0}], betas=(0.9, 0.98), eps=1e-6, fused=True
    )
    done, first, checkpoint = 0, 0, a.out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        mean.weights, done, first = saved["mean"], saved["done"], saved["epoch"] + 1
    model.train()
    began, log = time.time(), {}
    total = a.epochs * len(train)
    for epoch in range(first, a.epochs):
        rng = random.Random(a.seed * 1000 + epoch)
        order = rng.sample(train, len(train))
        pool = sorted(rng.sample(names["train"], min(len(names["train"]), a.windows * len(train))), key=lambda w: len(w["tags"]))
        groups = [pool[k : k + a.windows] for k in range(0, len(pool), a.windows)]
        rng.shuffle(groups)
        for document, group in zip(order, groups, strict=False):
            progress = done / total
            for g in optimizer.param_groups:
                g["lr"] = g["base"] * min(1.0, progress / 0.06 + 0.01) * (1 - progress)
            loss, shown = document_loss(model, document, rng, half=a.bf16)
            loss.backward()
            naming = name_loss(model, group, half=a.bf16)
            (naming * 1.5).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            done += 1
            mean.update(done)
            for k, v in {**shown, "names": naming.item()}.items():
                log[k] = 0.98 * log.get(k, v) + 0.02 * v
            if done % 10 == 0:
                print(f"{(time.time() - began) / 60:6.1f} min, epoch {epoch}, step {done} of {total}", {k: round(v, 4) for k, v in log.items()}, flush=True)
        with mean.swapped():
            torch.save({"model": model.state_dict()}, a.out / "model.pt")
            if (epoch + 1) % a.peek == 0 or epoch + 1 == a.epochs:
                print("dev", epoch + 1, evaluate(model, dev, names["dev"]), flush=True)
        torch.save({"model": model.state_dict(), "mean": mean.weights, "optimizer": optimizer.state_dict(), "done": done, "epoch": epoch}, checkpoint)


if __name__ == "__main__":
    main()
