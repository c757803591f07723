"""tqdm's progress bars, as both external trainers print them: `NAME:  12%|##   | 240/2000 [05:12<38:10, 1.3s/it, loss: 3e-1]`."""

from __future__ import annotations

import re
from dataclasses import dataclass

BAR = re.compile(r"^\s*(?P<name>.*?):?\s*\d+%\|.*?\|\s*(?P<done>\d+)/(?P<of>\d+)\s*\[[\d:]+<(?P<left>[\d:?]+)(?P<rest>.*)")


@dataclass(frozen=True)
class Bar:
    """`eta_seconds` is None before the first step; `rest` is what the trainer appended."""

    name: str
    done: int
    of: int
    eta_seconds: float | None
    rest: str

    def number(self, label: str) -> float | None:
        """What stands behind a label, such as `avr_loss=`."""
        found = re.search(rf"\b{re.escape(label)}\s*([\d.]+(?:e[+-]?\d+)?|nan|inf)", self.rest)
        return None if found is None else float(found[1])


def bar(line: str) -> Bar | None:
    """None for a line that is no bar."""
    found = BAR.match(line)
    return found and Bar(found["name"], int(found["done"]), int(found["of"]), _seconds(found["left"]), found["rest"])


def _seconds(text: str) -> float | None:
    """`1:02:03` or `02:03`; `?` before the first step."""
    parts = text.split(":")
    if not all(part.isdigit() for part in parts):
        return None
    return float(sum(int(part) * 60**power for power, part in enumerate(reversed(parts))))
