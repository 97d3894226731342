"""Turn a trained checkpoint into the files the product loads: ONNX, tokenizer, manifest.

    python -m training.export --checkpoint DIR/model.pt --encoder DIR --out src/onrecord/models/files/en-1.0.0 --version 1.0.0

Forms: `fp32` as trained; `int8` weights of the matrix products in 8 bits, activations quantised as they come; `w8` weights
in 8 bits, products in fp32. The word embeddings are kept in half precision in `int8` and `w8`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from onrecord.reading.features import FEATURES_VERSION
from training.encoder import LINK_WIDTH, TAGS, Reader

CORPORA = (
    {"name": "PolNeAR 1.0, train (840 articles)", "source": "Newell, Margolin and Ruths 2018", "license": "public research corpus, no licence stated"},
    {"name": "gte-small (starting weights)", "source": "thenlper/gte-small", "license": "MIT"},
)


def to_onnx(model: Reader, path: Path) -> None:
    """Write the network with free batch and length."""
    model.eval()
    ids = torch.ones(2, 24, dtype=torch.long)
    features = torch.zeros(2, 3, 24, dtype=torch.long)
    mask = torch.ones(2, 24, dtype=torch.long)
    axes = {"ids": {0: "b", 1: "t"}, "features": {0: "b", 2: "t"}, "mask": {0: "b", 1: "t"}, "emissions": {0: "b", 1: "t"}, "links": {0: "b", 1: "t"}}
    torch.onnx.export(
        model, (ids, features, mask), str(path), input_names=["ids", "features", "mask"], output_names=["emissions", "links"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )


def halve_embeddings(path: Path) -> None:
    """Keep the word embeddings in half precision: look up, then cast. Loses 1e-4 of a weight, saves 23 MB."""
    model = onnx.load(str(path))
    graph = model.graph
    big = max((t for t in graph.initializer if t.data_type == TensorProto.FLOAT and len(t.dims) == 2), key=lambda t: t.dims[0])
    weights = numpy_helper.to_array(big).astype(np.float16)
    graph.initializer.remove(big)
    graph.initializer.append(numpy_helper.from_array(weights, big.name))
    for i, node in enumerate(graph.node):
        if node.op_type == "Gather" and node.input[0] == big.name:
            out = node.output[0]
            node.output[0] = out + "_half"
            graph.node.insert(i + 1, helper.make_node("Cast", [out + "_half"], [out], to=TensorProto.FLOAT))
            break
    onnx.save(model, str(path))


def quantise(source: Path, target: Path, form: str, *, reduce_range: bool = False) -> None:
    """Write a smaller, faster form of an fp32 file."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    if form == "fp32":
        shutil.copy(source, target)
        return
    if form == "int8":
        quantize_dynamic(
            str(source), str(target), per_channel=True, reduce_range=reduce_range, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"],
            extra_options={"MatMulConstBOnly": True},
        )
    elif form == "w8":
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        made = MatMulNBitsQuantizer(onnx.load(str(source)), bits=8, block_size=128, is_symmetric=True, accuracy_level=4)
        made.process()
        made.model.save_model_to_file(str(target))
    halve_embeddings(target)


def sha256(path: Path) -> str:
    """Hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Write one model folder."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--name", default="en")
    p.add_argument("--version", required=True)
    p.add_argument("--form", choices=("fp32", "int8", "w8"), default="int8")
    p.add_argument("--reduce-range", action="store_true", help="7-bit weights, for processors without VNNI")
    p.add_argument("--outside", type=float, default=0.0, help="take this from the score of the tag O: a tagger trained for likelihood finds too little; chosen on dev")
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    model = Reader.from_bert(a.encoder)
    model.load_state_dict(torch.load(a.checkpoint, weights_only=False, map_location="cpu")["model"])
    with torch.no_grad():
        model.tags.bias[TAGS.index("O")] -= a.outside
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "fp32.onnx"
        to_onnx(model, full)
        quantise(full, a.out / "model.onnx", a.form, reduce_range=a.reduce_range)
    shutil.copy(a.encoder / "tokenizer.json", a.out / "tokenizer.json")
    (a.out / "tokenizer.json").chmod(0o644)
    manifest = {
        "format": 1,
        "name": a.name,
        "version": a.version,
        "license": "Apache-2.0",
        "form": a.form,
        "outside": a.outside,
        "corpora": CORPORA,
        "recipe": "training/README.md",
        "files": {name: sha256(a.out / name) for name in ("model.onnx", "tokenizer.json")},
        "inputs": {"ids": ["b", "t"], "features": ["b", 3, "t"], "mask": ["b", "t"]},
        "outputs": {"emissions": ["b", "t", len(TAGS)], "links": ["b", "t", 4 * LINK_WIDTH]},
        "tags": TAGS,
        "features": FEATURES_VERSION,
        "window": 256,
        "link_width": LINK_WIDTH,
        "transitions": np.round(model.transitions.detach().numpy().astype(float), 5).tolist(),
        "start": np.round(model.start.detach().numpy().astype(float), 5).tolist(),
        "no_link": np.round(model.no_link.detach().numpy().astype(float), 5).tolist(),
    }
    (a.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(a.out, {p.name: p.stat().st_size for p in sorted(a.out.iterdir())})


if __name__ == "__main__":
    main()
