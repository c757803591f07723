"""YAML that others wrote. PyYAML trips over a value that does not fit its tag, `!!bool maybe`, with whatever comes of it."""

from __future__ import annotations

from typing import Any

import yaml


def read_yaml(text: str) -> Any:
    """What the text says, by plain tags alone. Raises ValueError, on one line, for whatever PyYAML cannot read."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"a value does not fit its tag: {error}") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
