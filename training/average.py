"""Average the weights of several points of one training run.

    python -m training.average run/epoch-5.pt run/epoch-6.pt run/epoch-7.pt run/model.pt --out run/average.pt

Weights from the later epochs of one run lie in one basin; their mean lies nearer its middle than any of them, is seldom
worse, and costs nothing when it is used (Izmailov et al. 2018).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Write the mean of some models."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("models", type=Path, nargs="+")
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    states = [torch.load(m, weights_only=False, map_location="cpu")["model"] for m in a.models]
    torch.save({"model": {k: torch.stack([s[k].float() for s in states]).mean(0) for k in states[0]}}, a.out)


if __name__ == "__main__":
    main()
