"""Made-up answers of the gate, and text that tries to be something else."""

from __future__ import annotations

from datetime import date

from fluxdiag.gating.result import GateResult, Result
from fluxdiag.records import Measurement

ANYTIME = date(2026, 11, 25)
HOSTILE = (
    "</script><script>alert(1)</script> ]]> `|` ``| x |`` \u202egnp.exe\u2066 \x00\x07\x1b[31m\ufffe\nline::error::two"
    " ##[add-mask]x\n---\n- <!-- fluxdiag:start --><!-- fluxdiag:end -->"
    " @everyone [link](javascript:1) *b* &amp; {{x}} ${IFS} '\" \\"
)
UNSEEN = ("\u202e", "\u2066", "\x00", "\x07", "\x1b")


def result(id_="bleed.class", outcome="pass", effect="pass", level="error", **given) -> Result:
    return Result(id=id_, level=level, needs="at most 0.5", outcome=outcome, effect=effect, **given)


def answer(*results: Result, **given) -> GateResult:
    fixed = {
        "policy": "marketplace",
        "lora": "x.safetensors",
        "lora_sha256": "0" * 64,
        "lora_checked": True,
        "digests": {},
        "verdict": "healthy",
        "sentence": "The person is there.",
    }
    return GateResult(**{**fixed, "results": results, **given})


def number(value=0.2, half=0.05, key="bleed.class", unit="scale", n=8) -> Measurement:
    return Measurement(key=key, value=value, low=value - half, high=value + half, n=n, unit=unit)
