"""What both face models do with the files that torch exports."""

from __future__ import annotations

from pathlib import Path

import onnx


def write_bare(file: Path) -> None:
    """Drop the exporter's notes: they hold the stack of the machine that exported, paths and all."""
    model = onnx.load(file)
    del model.metadata_props[:]
    for part in (
        model.graph,
        *model.graph.node,
        *model.graph.value_info,
        *model.graph.input,
        *model.graph.output,
        *model.functions,
    ):
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(model, file)
