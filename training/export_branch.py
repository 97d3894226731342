"""Put a trained branch beside the reader it grew from: a new model folder with both.

    python -m training.export_branch --reader src/onrecord/models/files/en-1.0.0 --trunk run/trunk.onnx --checkpoint run/branch/model.pt --out FOLDER --version 1.1.0

The reader's weights stay as they are; its file gains the output `hidden` (training.trunk).
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch

from onrecord.actors.pairs import PAIR_FEATURES, PAIRS_VERSION
from training.branch import KINDS, LAYOUT, NAME_TAGS, Branch
from training.encoder import Shape
from training.export import sha256

CORPORA = (
    {"name": "GUM and OntoGUM, train (114 documents)", "source": "Zeldes 2017; Zhu, Pradhan and Zeldes 2021", "license": "annotations CC-BY 4.0; texts under their own licences"},
    {"name": "English Worldwide Newswire (1,015 of 1,075 articles)", "source": "Shan et al. 2023, stanfordnlp/en-worldwide-newswire", "license": "as stated there"},
    {"name": "CoNLL++, train", "source": "Wang et al. 2019, CrossWeigh", "license": "Apache-2.0 (corrections); texts of Reuters"},
    {"name": "CrossNER politics, train", "source": "Liu et al. 2021", "license": "MIT"},
)


def main() -> None:
    """Write one model folder."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--reader", type=Path, required=True)
    p.add_argument("--trunk", type=Path, required=True)
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--version", required=True)
    p.add_argument("--layers", type=int, default=4)
    p.add_argument("--form", choices=("fp32", "int8"), default="int8")
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    model = Branch(Shape(), a.layers)
    model.load_state_dict(torch.load(a.checkpoint, weights_only=False, map_location="cpu")["model"])
    model.eval()
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "fp32.onnx"
        axes = {"hidden": {0: "b", 1: "t"}, "mask": {0: "b", 1: "t"}, "pieces": {0: "b", 1: "t"}}
        torch.onnx.export(
            model, (torch.zeros(2, 24, 384), torch.ones(2, 24, dtype=torch.long)), str(full), input_names=["hidden", "mask"], output_names=["pieces"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )
        quantise_branch(full, a.out / "branch.onnx", a.form)
    shutil.copy(a.trunk, a.out / "model.onnx")
    shutil.copy(a.reader / "tokenizer.json", a.out / "tokenizer.json")
    manifest = json.loads((a.reader / "manifest.json").read_text(encoding="utf-8"))

    def numbers(x: torch.Tensor) -> list:
        return np.round(x.detach().numpy().astype(float), 4).tolist()

    manifest["version"] = a.version
    manifest["corpora"] = [*manifest["corpora"], *CORPORA]
    manifest["files"] = {name: sha256(a.out / name) for name in ("model.onnx", "branch.onnx", "tokenizer.json")}
    manifest["outputs"]["hidden"] = ["b", "t", 384]
    manifest["branch"] = {
        "inputs": {"hidden": ["b", "t", 384], "mask": ["b", "t"]},
        "outputs": {"pieces": ["b", "t", sum(LAYOUT.values())]},
        "form": a.form,
        "layout": [[name, width] for name, width in LAYOUT.items()],
        "name_tags": NAME_TAGS,
        "name_transitions": numbers(model.transitions),
        "name_start": numbers(model.start),
        "kinds": KINDS,
        "widths": numbers(model.width),
        "pairs": {name: numbers(table) for name, table in zip(PAIR_FEATURES, model.pairs, strict=True)},
        "pairs_version": PAIRS_VERSION,
    }
    (a.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(a.out, {f.name: f.stat().st_size for f in sorted(a.out.iterdir())})


def quantise_branch(source: Path, target: Path, form: str) -> None:
    """8-bit weights, as the reader's; the branch has no word embeddings to halve."""
    if form == "fp32":
        shutil.copy(source, target)
        return
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(source), str(target), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"], extra_options={"MatMulConstBOnly": True}
    )


if __name__ == "__main__":
    main()
