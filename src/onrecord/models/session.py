"""Arrays in, arrays out: one trained model on one engine."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import MissingExtraError, ModelError, UsageError

__all__ = ["ENGINES", "Session", "open_session"]

#: Engines by name. `auto` is ONNX Runtime: with 8-bit weights it was the faster one wherever both were measured (benchmarks/README.md).
ENGINES = ("auto", "onnxruntime", "openvino")


class Session(Protocol):
    """One model, loaded."""

    #: Name of the engine, for signatures.
    engine: str

    def run(self, inputs: Mapping[str, NDArray[Any]], outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        """Compute a batch.

        Args:
            inputs: An array for each input, with the shapes that the manifest names.
            outputs: Names of the outputs that are wanted.

        Returns:
            The outputs, in that order.
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
        # Threads that wait for more work in a loop take the cores from the second network and from numpy. With it, on two cores, statements alone went
        # from 2.0 to 2.3 articles a second, and with actors from 1.3 to 1.5 (benchmarks/actors.py).
        options.add_session_config_entry("session.force_spinning_stop", "1")
        # An arena keeps the peak of the largest batch for ever; batches here are all alike, so it costs nothing.
        options.enable_mem_pattern = True
        try:
            self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            msg = f"the model does not load: {str(error).splitlines()[0]}"
            raise ModelError(msg, item=str(path)) from error

    def run(self, inputs: Mapping[str, NDArray[Any]], outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        return list(self._session.run(list(outputs), dict(inputs)))


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

    def run(self, inputs: Mapping[str, NDArray[Any]], outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        result = self._model(dict(inputs))
        return [result[name] for name in outputs]
