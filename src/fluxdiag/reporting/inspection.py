"""An inspection as a page of the terminal. What comes from files goes through `words.text`: no control reaches the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from fluxdiag.inspect import Inspection, RankReport
from fluxdiag.records import Fact
from fluxdiag.reporting.words import number, text

COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
GROUPS = {
    "double": "double blocks",
    "single-early": "first single blocks",
    "single-late": "later single blocks",
    "outside": "outside the blocks",
    "text-encoder": "text encoders",
}
LONGEST, NAME = 120, 60
REASONS = 8


def show(inspection: Inspection, console: Console) -> None:
    console.print(Group(*_page(inspection)), soft_wrap=False)


def _page(found: Inspection) -> Iterator[RenderableType]:
    yield Text(_said(found.file.name), style="bold")
    yield _facts(_overview(found))
    yield Text("\nTraining", style="bold")
    yield _facts({name.replace("_", " "): _fact(fact) for name, fact in found.training.items()} or {"": "nothing is known"})
    yield Text("\nWhere the change lies", style="bold")
    yield _energy(found)
    if found.ignored:
        yield Text("\nLeft out", style="bold")
        yield _left_out(found)
    yield Text("\nProblems", style="bold")
    yield _problems(found)


def _overview(found: Inspection) -> Mapping[str, str]:
    file = found.file
    encoders = f", {found.text_encoder_modules} of text encoders" if found.text_encoder_modules else ""
    bad = f", {file.nan} NaN, {file.infinite} infinite" if file.nan or file.infinite else ""
    rows = {
        "file": f"{file.bytes / 1e6:,.1f} MB, {', '.join(file.dtypes)}, {file.numbers:,} numbers{bad}",
        "dialect": found.dialect,
        "trainer": _fact(found.trainer),
        "base": _fact(found.base),
        "trigger": _fact(found.trigger),
        "layers": f"{found.modules}{encoders}",
        "kind": _kinds(found.kinds),
        "rank": _ranks(found.rank),
        "norm": number(found.spectrum.norm),
    }
    if (data := found.dataset) is not None:
        rows["dataset"] = f"{data.readable} images, {data.captions} captions, {data.captions_with_appearance} describe looks"
        rows["dataset"] += f", {data.captions_not_judged} not judged" if data.captions_not_judged else ""
        rows["described as"] = _said(data.description or "nothing in common")
    return rows


def _kinds(kinds: Mapping[str, int]) -> str:
    return next(iter(kinds)) if len(kinds) == 1 else ", ".join(f"{kind} ({count})" for kind, count in kinds.items())


def _ranks(rank: RankReport) -> str:
    """What no layer was trained at is not shown as if one had been."""
    ranks = number(rank.median) if rank.min == rank.max else f"{rank.min} to {rank.max}, median {number(rank.median)}"
    ranks = ranks if rank.trained else f"none was set: whole matrices, {number(rank.max)} at most"
    effective = "" if rank.effective is None else f"effective {number(rank.effective)}, "
    return ranks if rank.stable is None else f"{ranks} ({effective}stable {number(rank.stable)})"


def _facts(rows: Mapping[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(Text(f"  {name}"), Text(value))
    return table


def _fact(fact: Fact | None) -> str:
    if fact is None:
        return "unknown"
    counted = isinstance(fact.value, int | float) and not isinstance(fact.value, bool)
    value = number(float(fact.value)) if counted else _said(fact.value)
    return f"{value}  [{_said(fact.source)}]"


def _energy(found: Inspection) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="cyan")
    table.add_column("", no_wrap=True)
    for head in ("layers", "energy", "rms", "stable rank", "effective"):
        table.add_column(head, justify="right", no_wrap=True)
    for group in found.spectrum.groups:
        effective = "" if group.effective_rank is None else number(group.effective_rank)
        figures = (str(group.modules), f"{group.energy:.0%}", f"{group.rms:.2e}", number(group.stable_rank), effective)
        table.add_row(f"  {GROUPS[group.group]}", *figures)
    return table


def _left_out(found: Inspection) -> Table:
    """Of many layers with the same reason the first, and how many there are; the JSON has all of them."""
    alike: dict[str, list[str]] = {}
    for layer in found.ignored:
        alike.setdefault(layer.why, []).append(layer.name)
    rows = {_counted(names): _said(why) for why, names in list(alike.items())[:REASONS]}
    if len(alike) > REASONS:
        rows["..."] = f"{len(alike) - REASONS} more reasons: see --json"
    return _facts(rows)


def _counted(names: Sequence[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{_said(names[0], NAME)}{more}"


def _problems(found: Inspection) -> RenderableType:
    if not found.problems:
        return Text("  none that shows without a model")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for problem in found.problems:
        said = Text(_said(problem.what, 500))
        said.append(f"\n-> {_said(problem.do, 500)}", style="dim")
        table.add_row(Text(f"  {problem.severity}", style=COLOURS[problem.severity]), said)
    return table


def _said(value: object, longest: int = LONGEST) -> str:
    """On one line: a line feed in a file's own words could pass for a line of ours."""
    return text(" ".join(str(value).split()), longest)
