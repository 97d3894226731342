"""Give the reader's ONNX file a third output, `hidden`: the states after one of its layers. The weights stay as they are.

    python -m training.trunk --model src/onrecord/models/files/en-1.0.0/model.onnx --layer 6 --out run/trunk.onnx
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx
from onnx import TensorProto, helper


def main() -> None:
    """Write the file."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--layer", type=int, required=True, help="states after so many layers")
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    model = onnx.load(str(a.model))
    name = f"/layers.{a.layer - 1}/norm/LayerNormalization_output_0"
    for node in model.graph.node:
        node.output[:] = ["hidden" if x == name else x for x in node.output]
        node.input[:] = ["hidden" if x == name else x for x in node.input]
    model.graph.output.append(helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["b", "t", 384]))
    onnx.checker.check_model(model)
    onnx.save(model, str(a.out))


if __name__ == "__main__":
    main()
