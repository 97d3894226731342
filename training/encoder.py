"""The network: a BERT encoder with three small added inputs, a linear-chain CRF and a bilinear link head.

Only `training/` imports torch. The exported model computes emissions and link vectors; Viterbi and the choice of links
are numpy in the product, so that one file serves every runtime.

Sources: Devlin et al. 2019 (BERT); Lafferty et al. 2001 (CRF); Dozat and Manning 2017 (biaffine links).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
LINK_WIDTH = 64


@dataclass(frozen=True)
class Shape:
    """Sizes of the encoder."""

    vocab: int = 30522
    hidden: int = 384
    layers: int = 12
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    features: tuple[int, ...] = (5, 4, 5)


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        h = shape.hidden
        self.heads = shape.heads
        self.query, self.key, self.value, self.out = (nn.Linear(h, h) for _ in range(4))
        self.attention_norm = nn.LayerNorm(h, eps=1e-12)
        self.up, self.down = nn.Linear(h, shape.inner), nn.Linear(shape.inner, h)
        self.norm = nn.LayerNorm(h, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, t, h = x.shape
        q, k, v = (f(x).view(b, t, self.heads, h // self.heads).transpose(1, 2) for f in (self.query, self.key, self.value))
        a = (F.scaled_dot_product_attention if not torch.onnx.is_in_onnx_export() else _attention)(q, k, v, mask)
        x = self.attention_norm(x + self.out(a.transpose(1, 2).reshape(b, t, h)))
        return self.norm(x + self.down(F.gelu(self.up(x))))


def _attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """What scaled_dot_product_attention computes, for export: its own form in ONNX picks masked values out element by element, a third of all the time."""
    return torch.softmax(q @ (k.transpose(2, 3) / math.sqrt(q.shape[-1])) + mask, dim=-1) @ v


class Reader(nn.Module):
    """Word pieces and features in; emissions and link vectors out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.word = nn.Embedding(shape.vocab, shape.hidden)
        self.position = nn.Embedding(shape.positions, shape.hidden)
        self.kind = nn.Embedding(2, shape.hidden)
        self.features = nn.ModuleList(nn.Embedding(n, shape.hidden) for n in shape.features)
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.drop = nn.Dropout(0.1)
        self.tags = nn.Linear(shape.hidden, len(TAGS))
        self.links = nn.Linear(shape.hidden, 4 * LINK_WIDTH)
        self.no_link = nn.Parameter(torch.zeros(2, LINK_WIDTH))
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.start = nn.Parameter(torch.zeros(len(TAGS)))
        for f in self.features:
            nn.init.normal_(f.weight, std=0.02)
        nn.init.normal_(self.no_link, std=0.1)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Compute one batch.

        Args:
            ids: (b, t) word pieces.
            features: (b, 3, t) case, gap, quotation state.
            mask: (b, t) 1 where there is a word piece.

        Returns:
            Emissions (b, t, 7) and link vectors (b, t, 4 * 64): content, its cue, source, its cue.
        """
        t = ids.shape[1]
        x = self.word(ids) + self.position.weight[:t] + self.kind.weight[0]
        for i, f in enumerate(self.features):
            x = x + f(features[:, i])
        x = self.norm(x)
        allowed = mask[:, None, None, :].to(torch.bool)
        if torch.onnx.is_in_onnx_export():
            allowed = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, allowed)
        x = self.drop(x)
        return self.tags(x), self.links(x)

    @classmethod
    def from_bert(cls, folder: Path) -> Reader:
        """Start from a pretrained BERT in safetensors form (gte-small, MiniLM)."""
        config = json.loads((folder / "config.json").read_text())
        shape = Shape(
            vocab=config["vocab_size"], hidden=config["hidden_size"], layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"], inner=config["intermediate_size"], positions=config["max_position_embeddings"],
        )
        model = cls(shape)
        state = {k.removeprefix("bert.").removeprefix("model."): v.float() for k, v in load_file(folder / "model.safetensors").items()}
        names = {
            "embeddings.word_embeddings.weight": "word.weight",
            "embeddings.position_embeddings.weight": "position.weight",
            "embeddings.token_type_embeddings.weight": "kind.weight",
            "embeddings.LayerNorm.weight": "norm.weight",
            "embeddings.LayerNorm.bias": "norm.bias",
        }
        parts = {
            "attention.self.query": "query", "attention.self.key": "key", "attention.self.value": "value",
            "attention.output.dense": "out", "attention.output.LayerNorm": "attention_norm",
            "intermediate.dense": "up", "output.dense": "down", "output.LayerNorm": "norm",
        }
        for i in range(shape.layers):
            for theirs, ours in parts.items():
                for end in ("weight", "bias"):
                    names[f"encoder.layer.{i}.{theirs}.{end}"] = f"layers.{i}.{ours}.{end}"
        missing, unexpected = model.load_state_dict({ours: state[theirs] for theirs, ours in names.items()}, strict=False)
        fresh = {"features", "tags", "links", "no_link", "transitions", "start"}
        if unexpected or any(m.split(".")[0] not in fresh for m in missing):
            raise ValueError(f"{folder}: weights do not fit a BERT: missing {missing}, unexpected {unexpected}")
        return model


def crf_nll(emissions: Tensor, tags: Tensor, lengths: Tensor, transitions: Tensor, start: Tensor) -> Tensor:
    """Negative log-likelihood of a linear chain, summed over a batch.

    Args:
        emissions: (b, t, k).
        tags: (b, t) gold tags; what lies past a length is ignored.
        lengths: (b,).
        transitions: (k, k) score of going from row to column.
        start: (k,) score of the first tag.
    """
    b, t, _ = emissions.shape
    valid = torch.arange(t)[None, :] < lengths[:, None]
    score = start[tags[:, 0]] + (emissions.gather(2, tags[:, :, None]).squeeze(2) * valid).sum(1)
    score = score + (transitions[tags[:, :-1], tags[:, 1:]] * valid[:, 1:]).sum(1)
    alpha = start + emissions[:, 0]
    for i in range(1, t):
        step = torch.logsumexp(alpha[:, :, None] + transitions[None], dim=1) + emissions[:, i]
        alpha = torch.where(valid[:, i, None], step, alpha)
    return (torch.logsumexp(alpha, dim=1) - score).sum()


def link_scores(links: Tensor, no_link: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Score every pair of word pieces as content and cue, and as source and cue.

    Returns:
        content-to-cue (b, t, t), content-to-nothing (b, t), cue-to-source (b, t, t), cue-to-nothing (b, t).
    """
    content, content_cue, source, source_cue = links.split(LINK_WIDTH, dim=-1)
    scale = 1 / math.sqrt(LINK_WIDTH)
    return (
        content @ content_cue.transpose(1, 2) * scale,
        content @ no_link[0] * scale,
        source_cue @ source.transpose(1, 2) * scale,
        source_cue @ no_link[1] * scale,
    )
