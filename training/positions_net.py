"""The network that codes positions: a BERT encoder with three heads, of which the upper layers alone are trained.

Heads: stance of a statement on an issue (read together), act of a statement, and a vector that keeps the place the encoder gave a text among others.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onrecord.positions import Act, Stance
from training.encoder import Layer, Reader, Shape

STANCES = ("none", *map(str, Stance))
ACTS = tuple(map(str, Act))


class Coder(nn.Module):
    """Word pieces in; stance and act logits, and a vector out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.word = nn.Embedding(shape.vocab, shape.hidden)
        self.position = nn.Embedding(shape.positions, shape.hidden)
        self.kind = nn.Embedding(2, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        h = shape.hidden
        self.pool_stance, self.pool_act = nn.Linear(2 * h, h), nn.Linear(2 * h, h)
        self.stance, self.act = nn.Linear(h, len(STANCES)), nn.Linear(h, len(ACTS))
        self.vector = nn.Linear(h, h)
        nn.init.eye_(self.vector.weight)
        nn.init.zeros_(self.vector.bias)
        self.frozen = 0

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Compute one batch.

        Args:
            ids: (b, t) word pieces.
            kinds: (b, t) 0 or 1.
            mask: (b, t) 1 where there is a word piece.

        Returns:
            Stance logits (b, 5), act logits (b, 14), unit vectors (b, 384).
        """
        x, allowed = self.below(ids, kinds, mask)
        return self.above(x, allowed, mask)

    def below(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Embeddings and the frozen layers."""
        exporting = torch.onnx.is_in_onnx_export()
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.frozen == 0):
            x = self.norm(self.word(ids) + self.position.weight[: ids.shape[1]] + self.kind(kinds))
            allowed = mask[:, None, None, :].to(torch.bool)
            if exporting:
                allowed = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
            for layer in self.layers[: self.frozen]:
                x = layer(x, allowed)
        return x, allowed

    def above(self, x: Tensor, allowed: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The trained layers and the heads."""
        for layer in self.layers[self.frozen :]:
            x = layer(x, allowed)
        m = mask[:, :, None].to(x.dtype)
        mean = (x * m).sum(1) / m.sum(1)
        both = torch.cat([x[:, 0], mean], dim=-1)
        return self.stance(torch.tanh(self.pool_stance(both))), self.act(torch.tanh(self.pool_act(both))), F.normalize(self.vector(mean), dim=-1)

    @classmethod
    def from_bert(cls, folder: Path) -> Coder:
        """Start from a pretrained BERT in safetensors form."""
        config = json.loads((folder / "config.json").read_text())
        base = Reader.from_bert(folder)
        model = cls(base.shape)
        theirs = base.state_dict()
        state = {k: v for k, v in theirs.items() if k.split(".")[0] in ("word", "position", "kind", "norm", "layers")}
        missing, unexpected = model.load_state_dict(state, strict=False)
        if unexpected or any(m.split(".")[0] not in ("pool_stance", "pool_act", "stance", "act", "vector") for m in missing):
            raise ValueError(f"{folder}: {config.get('model_type')} does not fit: missing {missing}, unexpected {unexpected}")
        return model


__all__ = ["ACTS", "STANCES", "Coder"]
