"""The second network: layers that grow from the middle of the reader and find names, mentions and who is who.

The reader's first layers are frozen and shared: what they compute for statements is computed once. Nothing here changes a statement.

Sources: Kirstain et al. 2021 (coreference from start and end vectors, without span representations); Lee et al. 2017 (marginal
likelihood over antecedents); Lample et al. 2016 (CRF over names).
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from onrecord.actors.pairs import PAIR_FEATURES
from training.encoder import Layer, Shape

NAME_TYPES = ("person", "organization", "location", "facility", "nationality", "product", "other", "date", "money")
NAME_TAGS = ("O", *(f"{p}-{t}" for t in NAME_TYPES for p in "BI"))
#: GUM's entity types.
KINDS = ("person", "organization", "place", "event", "object", "abstract", "time", "animal", "plant", "substance")
SPAN_WIDTH = 48
PAIR_WIDTH = 64
WIDTHS = 8

#: What stands where in the output of the branch: name of the part and its width.
LAYOUT = {
    "names": len(NAME_TAGS),
    "span_start": SPAN_WIDTH, "span_end": SPAN_WIDTH, "unary_start": 1, "unary_end": 1,
    "kind_start": len(KINDS), "kind_end": len(KINDS), "link_start": 1, "link_end": 1,
    "later_start": PAIR_WIDTH, "later_end": PAIR_WIDTH, "earlier_start": PAIR_WIDTH, "earlier_end": PAIR_WIDTH,
}


class Branch(nn.Module):
    """Hidden states in, one vector a word piece out; the rest of the parameters are for numpy."""

    def __init__(self, shape: Shape, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(shape) for _ in range(layers))
        self.noise = 0.0
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(shape.hidden, sum(LAYOUT.values()))
        self.transitions = nn.Parameter(torch.zeros(len(NAME_TAGS), len(NAME_TAGS)))
        self.start = nn.Parameter(torch.zeros(len(NAME_TAGS)))
        self.width = nn.Parameter(torch.zeros(WIDTHS))
        self.pairs = nn.ParameterList(nn.Parameter(torch.zeros(n)) for n in PAIR_FEATURES.values())

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Compute one batch.

        Args:
            hidden: (b, t, 384) states of the reader in the middle.
            mask: (b, t) 1 where there is a word piece.

        Returns:
            (b, t, sum of `LAYOUT`).
        """
        allowed = mask[:, None, None, :].to(torch.bool)
        if torch.onnx.is_in_onnx_export():
            allowed = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        if self.training and self.noise:
            hidden = F.dropout(hidden, self.noise)
        for layer in self.layers:
            hidden = layer(hidden, allowed)
        return self.out(self.drop(hidden))

    @classmethod
    def from_bert(cls, folder: Path, *, first: int, layers: int) -> Branch:
        """Start from layers `first`, `first + 1` ... of a pretrained BERT."""
        branch = cls(Shape(), layers)
        state = {k.removeprefix("bert.").removeprefix("model."): v.float() for k, v in load_file(folder / "model.safetensors").items()}
        parts = {
            "attention.self.query": "query", "attention.self.key": "key", "attention.self.value": "value",
            "attention.output.dense": "out", "attention.output.LayerNorm": "attention_norm",
            "intermediate.dense": "up", "output.dense": "down", "output.LayerNorm": "norm",
        }
        own = {
            f"layers.{i}.{ours}.{end}": state[f"encoder.layer.{first + i}.{theirs}.{end}"]
            for i in range(layers) for theirs, ours in parts.items() for end in ("weight", "bias")
        }
        branch.load_state_dict(own, strict=False)
        return branch


def split(output: Tensor) -> dict[str, Tensor]:
    """Cut the output into its named parts."""
    return dict(zip(LAYOUT, output.split(list(LAYOUT.values()), dim=-1), strict=True))
