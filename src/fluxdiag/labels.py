"""A user's own judged LoRAs: run folders, and a table that says what turned out to be wrong with each.

    run,causes,person
    runs/anna-v1,wrong-step-count:under,anna
    runs/anna-v2,,anna
    runs/ben,overcaptioned-appearance;low-diversity-dataset,ben

`causes` is empty for a LoRA that is fine; several are joined by `;`. `person` keeps LoRAs of one person together when the weights
are tried on people they were not fitted on; without that column every run is its own.
"""

from __future__ import annotations

import csv
from pathlib import Path

from fluxdiag.calibrate import Example
from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import why
from fluxdiag.manual import manual_page
from fluxdiag.runs import Run
from fluxdiag.weighing.speaking import HEARINGS


def read_labels(runs: Path, labels: Path) -> tuple[list[Example], set[str]]:
    """The examples, and the bases' profiles that they were made with. Raises FluxdiagError for a row that cannot be used."""
    try:
        with labels.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        do = f"Give a CSV as {manual_page('calibration.md')} shows it"
        raise FluxdiagError(f"cannot be read ({why(error)})", where=str(labels), do=do) from error
    if not rows or not {"run", "causes"} <= rows[0].keys():
        raise FluxdiagError("there are no rows with `run` and `causes`", where=str(labels), do="Begin it with run,causes,person")
    examples, profiles = [], set()
    seen: set[Path] = set()
    for number, row in enumerate(rows, start=2):
        run = _whole(Run(_folder(runs, row["run"] or "", f"{labels}:{number}")), f"{labels}:{number}")
        if run.folder.resolve() in seen:
            raise FluxdiagError(f"{row['run']!r} has a row already", where=f"{labels}:{number}", do="Leave one of the two")
        seen.add(run.folder.resolve())
        examples.append(Example(run.evidence(), _targets(row["causes"] or "", f"{labels}:{number}"), _person(row)))
        profiles.add(run.case().profile)
    return examples, profiles


def _folder(runs: Path, name: str, where: str) -> Path:
    folder = runs / Path(name).name
    for place in (Path(name), runs / name, folder):
        if name and (place / "evidence.json").is_file():
            return place
    raise FluxdiagError(f"{name!r} is no measured run folder in {runs}", where=where, do="Make it with `fluxdiag report`")


def _whole(run: Run, where: str) -> Run:
    """A run that stopped when its verdict was settled lacks just what the fit has to learn from."""
    if run.gather_info().stopped is not None:
        raise FluxdiagError(
            f"{run.folder.name!r} was not drawn to the end",
            where=where,
            do="`fluxdiag gather RUN` and `fluxdiag measure RUN` first",
        )
    return run


def _targets(text: str, where: str) -> frozenset[str]:
    """Machine names of causes, with the direction where there is one."""
    targets = frozenset(part.strip() for part in text.split(";") if part.strip())
    unknown = sorted(targets - HEARINGS.keys())
    if unknown:
        raise FluxdiagError(f"no such cause: {', '.join(unknown)}", where=where, do=f"Known: {', '.join(HEARINGS)}")
    return targets


def _person(row: dict[str, str]) -> str:
    return row.get("person") or row["run"]
