"""Arrays in, arrays out: one trained model on one engine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import MissingExtraError, ModelError, UsageError

__all__ = ["ENGINES", "Session", "open_session"]

#: Engines by name. `auto` is ONNX Runtime: with 8-bit weights it was the faster one wherever both were measured (benchmarks/README.md).
ENGINES = ("auto", "onnxruntime", "openvino")

_OUTPUTS = ("emissions", "links")


class Session(Protocol):
    """One model, loaded."""

    #: Name of the engine, for signatures.
    engine: str

    def run(self, ids: NDArray[np.int64], features: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Compute a batch.

        Args:
            ids: Shape (b, t), word pieces with [CLS] and [SEP].
            features: Shape (b, 3, t), see `onrecord.reading.features`.
            mask: Shape (b, t), 1 where there is a word piece.

        Returns:
            Emissions, shape (b, t, k), and link vectors, shape (b, t, 4 * width).
        """
        ...


def open_session(path: Path, *, engine: str = "auto", threads: int | None = None) -> Session:
    """Load a model file.

    Args:
        path: An ONNX file, found whole.
        engine: One of `ENGINES`.
        threads: Threads to compute with; default: the cores this process may use.

    Raises:
        UsageError: No such engine.
        MissingExtraError: The engine is not installed.
        ModelError: The file does not load.
    """
    if engine not in ENGINES:
        msg = f"no engine called {engine!r}"
        raise UsageError(msg, hint=f"available: {', '.join(ENGINES)}")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = threads or cores
    if engine == "openvino":
        return _OpenVino(path, count)
    return _OnnxRuntime(path, count)


class _OnnxRuntime:
    engine = "onnxruntime"

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # An arena keeps the peak of the largest batch for ever; batches here are all alike, so it costs nothing.
        options.enable_mem_pattern = True
        try:
            self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            msg = f"the model does not load: {str(error).splitlines()[0]}"
            raise ModelError(msg, item=str(path)) from error

    def run(self, ids: NDArray[np.int64], features: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        emissions, links = self._session.run(_OUTPUTS, {"ids": ids, "features": features, "mask": mask})
        return emissions, links


class _OpenVino:
    engine = "openvino"

    def __init__(self, path: Path, threads: int) -> None:
        try:
            import openvino
        except ImportError:
            raise MissingExtraError("the OpenVINO engine is not installed", hint="pip install 'onrecord[openvino]'") from None
        try:
            core = openvino.Core()
            self._model: Any = core.compile_model(core.read_model(str(path)), "CPU", {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"})
        except RuntimeError as error:
            msg = f"the model does not load: {str(error).splitlines()[0]}"
            raise ModelError(msg, item=str(path)) from error

    def run(self, ids: NDArray[np.int64], features: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        result = self._model({"ids": ids, "features": features, "mask": mask})
        return result["emissions"], result["links"]
