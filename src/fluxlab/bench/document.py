"""The scores as Markdown, between markers in docs/accuracy.md; what stands around them is written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fluxdiag.errors import FluxdiagError
from fluxdiag.runs import write_text
from fluxlab.bench.early import Early
from fluxlab.bench.report import BenchReport
from fluxlab.bench.scores import Rate, Scores
from fluxlab.bench.truth import TARGETS

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def write_document(report: BenchReport, file: Path) -> None:
    """Replaces what stands between the markers. Raises FluxdiagError where there are none."""
    text = file.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise FluxdiagError("the page has no place for the figures", where=str(file), do=f"Put {BEGIN} and {END} into it")
    write_text(file, f"{before}{BEGIN}\n\n{markdown(report)}\n\n{END}{after}")


def markdown(report: BenchReport) -> str:
    """Every table, each with its n; what was not measured is said."""
    parts = [summary(report)]
    for name, states in report.sets.items():
        parts += [f"### {name}", state_table(states), recall_table(states["all"], report.baseline.get(name))]
        parts += [confusion_table(states["all"]), severity_table(states["all"]), reliability_table(states["all"])]
    parts += [thresholds_text(report)]
    parts += [retrained_table(report), ablation_table(report), early_text(report)]
    return "\n\n".join(part for part in parts if part)


def summary(report: BenchReport) -> str:
    return (
        f"{report.rows} rows of world `{report.world}`, weights fitted on {report.fitted_loras} LoRAs of "
        f"{report.fitted_subjects} subjects. A LoRA costs {report.passes:.0f} forward passes{_seconds(report)}. "
        f"Verdict or first cause changed under new probe seeds: {report.flips.text}; the cause named first: {report.turns.text}."
    )


def _seconds(report: BenchReport) -> str:
    return f" and {report.seconds:.0f} s of gathering on one thread" if report.seconds else ""


def state_table(states: dict[str, Scores]) -> str:
    lines = [
        "| known | LoRAs | macro recall | false alarms | abstentions | decoys convicted | Brier |",
        "|---|---|---|---|---|---|---|",
    ]
    for state, scores in states.items():
        macro, brier = (_number(value) for value in (scores.macro_recall, scores.brier))
        rates = " | ".join(each.text for each in (scores.false_alarms, scores.abstentions, scores.decoys_convicted))
        lines.append(f"| {state} | {scores.loras} | {macro} | {rates} | {brier} |")
    return "\n".join(lines)


def recall_table(scores: Scores, baseline: Scores | None) -> str:
    lines = ["| cause | recall | precision | recall of the settings alone |", "|---|---|---|---|"]
    for target in TARGETS:
        alone = "-" if baseline is None else baseline.recall[target].text
        lines.append(f"| {target} | {scores.recall[target].text} | {scores.precision[target].text} | {alone} |")
    rest = {"decoys convicted": "decoys_convicted", "false alarms": "false_alarms", "one of a pair found": "pairs_one"}
    for name, field in rest.items():
        alone = "-" if baseline is None else getattr(baseline, field).text
        lines.append(f"| {name} | {getattr(scores, field).text} | | {alone} |")
    return "\n".join(lines)


def confusion_table(scores: Scores) -> str:
    called = sorted({name for row in scores.confusion.values() for name in row})
    lines = [f"| planted | {' | '.join(called)} |", "|---" * (len(called) + 1) + "|"]
    for planted, row in scores.confusion.items():
        lines.append(f"| {planted} | {' | '.join(str(row.get(name, '')) for name in called)} |")
    return "\n".join(lines)


def severity_table(scores: Scores) -> str:
    if all(name.endswith(" at 1") for name in scores.by_severity):
        return ""
    return _table("| planted, severity | recall |", scores.by_severity)


def reliability_table(scores: Scores) -> str:
    """Whether a probability means what it says; a row of one case or two says nothing."""
    if not scores.reliability:
        return ""
    head = ["| probability said | mean of them | the cause was there in | causes asked |", "|---|---|---|---|"]
    lines = [f"| {bin.low:.1f}-{bin.high:.1f} | {bin.said:.2f} | {bin.was:.2f} | {bin.n} |" for bin in scores.reliability]
    return "\n".join([*head, *lines])


def thresholds_text(report: BenchReport) -> str:
    """The same LoRAs by what a base without fitted weights has: the rules and their lines."""
    parts = [] if not report.by_thresholds else ["### By the cited thresholds alone, as FLUX.1 [dev] is judged"]
    for name, states in report.by_thresholds.items():
        parts += [f"{name}:", state_table(states), _recalled(states)]
    return "\n\n".join(parts)


def _recalled(states: dict[str, Scores]) -> str:
    head = f"| cause, recall where is known | {' | '.join(states)} |"
    lines = [f"| {t} | {' | '.join(scores.recall[t].text for scores in states.values())} |" for t in TARGETS]
    healthy = " | ".join(scores.healthy_called_healthy.text for scores in states.values())
    return "\n".join([head, "|---" * (len(states) + 1) + "|", *lines, f"| healthy called healthy | {healthy} |"])


def _table(head: str, rates: dict[str, Rate]) -> str:
    return "\n".join([head, "|---|---|", *(f"| {name} | {each.text} |" for name, each in rates.items())])


def retrained_table(report: BenchReport) -> str:
    found = report.retrained
    if found is None:
        return ""
    head = [
        "| measurement | spread over training seeds | half-width of its interval | LoRAs | of people |",
        "|---|---|---|---|---|",
    ]
    lines = [
        f"| `{key}` | {one.between:.3f} | {one.half_width:.3f} | {one.loras} | {one.people} |"
        for key, one in found.spreads.items()
    ]
    changed = f"Verdict or first cause changed with the training seed: {found.changed.text}."
    return "\n".join(["### Trained again with other seeds", "", changed, "", *head, *lines])


def ablation_table(report: BenchReport) -> str:
    if not report.ablation:
        return ""
    head = ["| without | macro recall | false alarms | Brier | forward passes | |", "|---|---|---|---|---|---|"]
    return "\n".join(["### Without each instrument", "", *head, *_ablated(report)])


def _ablated(report: BenchReport) -> Iterable[str]:
    for each in report.ablation:
        numbers = " | ".join(_number(value) for value in (each.macro_recall, each.false_alarms, each.brier))
        yield f"| {each.instrument} | {numbers} | {each.passes:.0f} | {'' if each.heard else 'no cause weighs it'} |"


def early_text(report: BenchReport) -> str:
    """What `fluxdiag report` spares by stopping where the verdict is settled, with weights and, as on another base, without."""
    kinds = {"fitted weights": report.early, "cited thresholds alone": report.early_by_thresholds}
    known = {name: early for name, early in kinds.items() if early is not None}
    if not known:
        return ""
    head = ["| judged by | LoRAs | verdict and first cause as with everything drawn | forward passes | settled after |"]
    lines = [f"| {name} | {_early(early)} |" for name, early in known.items()]
    return "\n".join(["### Deciding early", "", *head, "|---|---|---|---|---|", *lines])


def _early(early: Early) -> str:
    stops = ", ".join(f"{look} prompts: {count}" for look, count in early.stopped.items())
    return f"{early.loras} | {early.same.text} | {early.share:.0%} | {stops}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
