"""Turn a trained checkpoint into the files the product loads, with scores made probabilities on the issues of `dev`.

    python -m training.export_positions --checkpoint run/positions-net/model.pt --encoder ENCODER --data DATA --codes training/positions_data/codes.jsonl \\
        --out src/onrecord/models/files/positions-1.0.0 --version 1.0.0
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from onrecord.models import WordPieces
from onrecord.positions.inputs import INPUTS_VERSION
from onrecord.scoring.stances import articles_by_digest
from training.export import sha256
from training.positions import logits
from training.positions_examples import Example, coded
from training.positions_net import ACTS, STANCES, Coder

CORPORA = (
    {"name": "gte-small (starting weights)", "source": "thenlper/gte-small", "license": "MIT"},
    {"name": "Perspectrum 1.0, train (541 claims)", "source": "Chen et al. 2019, CogComp/perspectrum", "license": "CC BY-SA 4.0"},
    {"name": "PLOVER GSR, odd-numbered records of six verbal events (83)", "source": "Open Event Data Alliance 2016", "license": "CC BY-SA 4.0"},
    {"name": "Statements coded for onrecord, issues of part `train`", "source": "training/positions_data", "license": "Apache-2.0 (offsets and labels)"},
)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", type=Path, help="default: the encoder as it is")
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--data", type=Path)
    p.add_argument("--codes", type=Path)
    p.add_argument("--issues", type=Path, default=Path("training/positions_data/issues.yaml"))
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--version", required=True)
    p.add_argument("--form", choices=("fp32", "int8"), default="int8")
    p.add_argument("--least", type=float, default=0.3)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    model = Coder.from_bert(a.encoder)
    if a.checkpoint:
        model.load_state_dict(torch.load(a.checkpoint, map_location="cpu")["model"])
    model.eval()
    scale = calibrated(model, a) if a.codes else {"stance": (1.0, [0.0] * len(STANCES)), "act": (1.0, [0.0] * len(ACTS))}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "fp32.onnx"
        to_onnx(model, full)
        if a.form == "fp32":
            shutil.copy(full, a.out / "model.onnx")
        else:
            from onnxruntime.quantization import QuantType, quantize_dynamic

            quantize_dynamic(
                str(full), str(a.out / "model.onnx"), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"],
                extra_options={"MatMulConstBOnly": True},
            )
            quarter_embeddings(a.out / "model.onnx")
    shutil.copy(a.encoder / "tokenizer.json", a.out / "tokenizer.json")
    (a.out / "tokenizer.json").chmod(0o644)
    manifest = {
        "format": 1, "name": "positions", "version": a.version, "license": "Apache-2.0", "form": a.form, "corpora": CORPORA, "recipe": "training/README.md",
        "files": {name: sha256(a.out / name) for name in ("model.onnx", "tokenizer.json")},
        "inputs": {"ids": ["b", "t"], "kinds": ["b", "t"], "mask": ["b", "t"]},
        "outputs": {"stance": ["b", len(STANCES)], "act": ["b", len(ACTS)], "vector": ["b", model.shape.hidden]},
        "inputs_version": INPUTS_VERSION, "stances": STANCES, "acts": ACTS, "width": model.shape.hidden,
        "stance_temperature": round(scale["stance"][0], 4), "stance_shift": [round(x, 4) for x in scale["stance"][1]],
        "act_temperature": round(scale["act"][0], 4), "act_shift": [round(x, 4) for x in scale["act"][1]],
        "least": a.least, "usual": 0.75,
    }
    (a.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    if a.codes:
        manifest["usual"] = round(usual(a.out, a), 4)
        (a.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(a.out, {f.name: f.stat().st_size for f in sorted(a.out.iterdir())}, {k: v for k, v in manifest.items() if "temperature" in k or "shift" in k or k == "usual"})


def calibrated(model: Coder, a: argparse.Namespace) -> dict:
    """Temperature and shift of both heads, by likelihood on `dev` (of the shift little, since classes are few)."""
    pieces = WordPieces(a.encoder / "tokenizer.json")
    rows = coded(a.codes, a.issues, articles_by_digest(a.data / "unlabelled" / "news.jsonl.xz"), "dev")
    stance, _ = logits(model, rows, pieces)
    _, act = logits(model, rows, pieces, alone=True)
    return {"stance": fitted(stance, [e.stance for e in rows]), "act": fitted(act, [e.acts[0] for e in rows])}


def usual(folder: Path, a: argparse.Namespace) -> float:
    """What likeness is usual between a statement and an issue that it was not drawn for, by the very files that are shipped."""
    from onrecord.positions.coder import Coder as Shipped

    rows = coded(a.codes, a.issues, articles_by_digest(a.data / "unlabelled" / "news.jsonl.xz"), "dev")
    shipped = Shipped.load(folder)
    issues = sorted({e.issue for e in rows})
    _, said = shipped.alone([(e.said, e.before) for e in rows])
    other = np.array([[e.issue != i for i in issues] for e in rows])
    return float((said @ shipped.vectors(issues).T)[other].mean())


def fitted(scores: np.ndarray, gold: list[int]) -> tuple[float, list[float]]:
    x, y = torch.from_numpy(scores), torch.tensor(gold)
    log_t, shift = torch.zeros(1, requires_grad=True), torch.zeros(x.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([log_t, shift], max_iter=200)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(x / log_t.exp() + shift, y) + 0.02 * (shift**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    centred = shift.detach() - shift.detach().mean()
    return float(log_t.detach().exp()), centred.tolist()


def to_onnx(model: Coder, path: Path) -> None:
    ids, kinds, mask = torch.ones(2, 24, dtype=torch.long), torch.zeros(2, 24, dtype=torch.long), torch.ones(2, 24, dtype=torch.long)
    axes = {n: {0: "b", 1: "t"} for n in ("ids", "kinds", "mask")} | {n: {0: "b"} for n in ("stance", "act", "vector")}
    torch.onnx.export(
        model, (ids, kinds, mask), str(path), input_names=["ids", "kinds", "mask"], output_names=["stance", "act", "vector"], dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )


def quarter_embeddings(path: Path) -> None:
    """Keep the word embeddings in 8 bits with a scale for each row: look up, cast, multiply. Saves three quarters of 47 MB."""
    model = onnx.load(str(path))
    graph = model.graph
    big = max((t for t in graph.initializer if t.data_type == TensorProto.FLOAT and len(t.dims) == 2), key=lambda t: t.dims[0])
    weights = numpy_helper.to_array(big)
    scale = np.abs(weights).max(axis=1, keepdims=True) / 127
    scale[scale == 0] = 1
    graph.initializer.remove(big)
    graph.initializer.append(numpy_helper.from_array(np.round(weights / scale).astype(np.int8), big.name))
    graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), big.name + "_scale"))
    for i, node in enumerate(graph.node):
        if node.op_type == "Gather" and node.input[0] == big.name:
            out, index = node.output[0], node.input[1]
            node.output[0] = out + "_byte"
            for k, new in enumerate(
                (
                    helper.make_node("Cast", [out + "_byte"], [out + "_float"], to=TensorProto.FLOAT),
                    helper.make_node("Gather", [big.name + "_scale", index], [out + "_scales"]),
                    helper.make_node("Mul", [out + "_float", out + "_scales"], [out]),
                ),
                1,
            ):
                graph.node.insert(i + k, new)
            break
    onnx.save(model, str(path))


if __name__ == "__main__":
    main()
