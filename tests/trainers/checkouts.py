"""The trainers' own code, read out of a checkout and run without the libraries that it imports.

    FLUXDIAG_AI_TOOLKIT=/path/to/ai-toolkit  FLUXDIAG_SD_SCRIPTS=/path/to/sd-scripts  pytest tests/trainers

Only classes and functions that need nothing but the standard library (and voluptuous) are taken, by their syntax tree.
"""

from __future__ import annotations

import argparse
import ast
import functools
import os
import re
import warnings
from pathlib import Path
from typing import Any

import pytest


def checkout(variable: str) -> Path:
    """The folder that the user names; the test is skipped without one."""
    said = os.environ.get(variable)
    if not said:
        pytest.skip(f"{variable} names no checkout")
    return Path(said)


def taken(file: Path, names: set[str], given: dict[str, Any]) -> dict[str, Any]:
    """Those classes and functions of a file, defined in a namespace of their own. Imports are left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.ClassDef, ast.FunctionDef)
    tree.body = [node for node in tree.body if isinstance(node, kinds) and node.name in names]
    for function in (node for part in tree.body for node in ast.walk(part) if isinstance(node, ast.FunctionDef)):
        function.returns = None
        for argument in (*function.args.args, *function.args.kwonlyargs):
            argument.annotation = None
    space = dict(given)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(tree, str(file), "exec"), space)  # the user's own checkout, named by the user
    return space


class Anything:
    """Stands for types in annotations that are evaluated where a class is defined."""

    def __getitem__(self, key: object) -> Anything:
        return self

    def __or__(self, other: object) -> Anything:
        return self

    def __call__(self, *given: object, **named: object) -> Anything:
        return self

    def __getattr__(self, name: str) -> Anything:
        return self


def keys_of(file: Path, name: str) -> set[str]:
    """The keys that a config class of ai-toolkit asks its keyword arguments for, its parents' included."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    (found,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    asked = {
        node.args[0].value
        for node in ast.walk(found)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "kwargs"
        and isinstance(node.args[0], ast.Constant)
    }
    return {str(key) for key in asked}


def kohya_parser(home: Path) -> argparse.ArgumentParser:
    """The parser of flux_train_network.py, put together by its own functions."""
    functions = re.compile(r"^def ((?:add|setup)_\w*(?:arguments|parser)\w*|int_or_float)\(", re.MULTILINE)
    spaces: dict[str, Any] = {"argparse": argparse, "functools": functools, "Path": Path, "Any": Anything(), "List": Anything()}
    for name in ("deepspeed_utils", "custom_train_functions", "sai_model_spec", "config_util", "utils", "train_util",
                 "flux_train_utils"):  # fmt: skip
        file = home / "library" / f"{name}.py"
        defined = taken(file, set(functions.findall(file.read_text(encoding="utf-8"))), spaces | _constants(file))
        spaces |= {key: value for key, value in defined.items() if callable(value) and not key.startswith("__")}
        spaces[name] = argparse.Namespace(**{key: value for key, value in defined.items() if not key.startswith("__")})
    setup = taken(home / "train_network.py", {"setup_parser"}, spaces)["setup_parser"]
    spaces["train_network"] = argparse.Namespace(setup_parser=setup)
    parser: argparse.ArgumentParser = taken(home / "flux_train_network.py", {"setup_parser"}, spaces)["setup_parser"]()
    return parser


def _constants(file: Path) -> dict[str, Any]:
    """Plain constants of a module, for defaults and choices."""
    found = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except (ValueError, TypeError):
                continue
    return found
