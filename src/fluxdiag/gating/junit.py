"""The gate's answer for CI systems: JUnit XML, whose counts of failures and errors say the exit code once more."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import groupby

from fluxdiag.gating.result import GateResult, Result
from fluxdiag.gating.where import AT
from fluxdiag.gating.words import xml_text


def junit(gate: GateResult) -> str:
    """failures > 0 is exit code 1; else errors > 0 is 3; else 0. Warnings are passes that say so."""
    root = ET.Element("testsuites", {"name": "fluxdiag gate", "time": "0", **_counts(gate.results)})
    ordered = sorted(gate.results, key=_area)
    for area, results in groupby(ordered, key=_area):
        _suite(root, area, list(results), gate)
    return _written(root)


def no_answer(why: str) -> str:
    """Where the gate could not judge (exit code 2): one test that could not be run."""
    counts = {"tests": "1", "failures": "0", "errors": "1", "skipped": "0"}
    root = ET.Element("testsuites", {"name": "fluxdiag gate", "time": "0", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": "fluxdiag.gate", "time": "0", **counts})
    case = ET.SubElement(suite, "testcase", classname="fluxdiag.gate", name="the gate can judge", time="0")
    ET.SubElement(case, "error", type="mistake", message=xml_text(why)).text = xml_text(why)
    return _written(root)


def _written(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _area(result: Result) -> str:
    return "regression" if result.kind == "regression" else result.id.partition(AT)[0].partition(".")[0]


def _suite(root: ET.Element, area: str, results: list[Result], gate: GateResult) -> None:
    suite = ET.SubElement(root, "testsuite", {"name": f"fluxdiag.{xml_text(area)}", "time": "0", **_counts(results)})
    properties = ET.SubElement(suite, "properties")
    for name, value in (("policy", gate.policy), ("lora", gate.lora), ("lora_sha256", gate.lora_sha256)):
        ET.SubElement(properties, "property", name=name, value=xml_text(value))
    for result in results:
        _case(suite, area, result)


def _counts(results: Sequence[Result]) -> dict[str, str]:
    failures = sum(result.effect == "error" and result.outcome == "fail" for result in results)
    errors = sum(result.effect == "error" and result.outcome != "fail" for result in results)
    skipped = sum(_skipped(result) for result in results)
    counts = {"tests": len(results), "failures": failures, "errors": errors, "skipped": skipped}
    return {name: str(count) for name, count in counts.items()}


def _skipped(result: Result) -> bool:
    """What the policy let through without an answer is no pass either."""
    return result.effect in ("off", "waived") or (result.effect == "pass" and result.outcome != "pass")


def _case(suite: ET.Element, area: str, result: Result) -> None:
    name = xml_text(f"{result.id}: {result.needs}" if result.needs else result.id)
    case = ET.SubElement(suite, "testcase", classname=f"fluxdiag.{xml_text(area)}", name=name, time="0")
    message = xml_text(result.waived or result.why or f"found {result.found}")
    if _skipped(result):
        ET.SubElement(case, "skipped", message=message)
        return
    if result.effect == "error":
        kind = ("failure", "assertion") if result.outcome == "fail" else ("error", result.outcome)
        ET.SubElement(case, kind[0], type=kind[1], message=message).text = _body(result)
        return
    if result.effect == "warn":
        properties = ET.SubElement(case, "properties")
        ET.SubElement(properties, "property", name="level", value="warn")
    ET.SubElement(case, "system-out").text = _body(result)


def _body(result: Result) -> str:
    n = f"\nn: {result.measurement.n}" if result.measurement else ""
    warned = f"warning: {result.outcome}\n" if result.effect == "warn" else ""
    why = f"\n{result.why}" if result.why else ""
    return xml_text(f"{warned}found: {result.found}\nneeded: {result.needs}{n}{why}")
