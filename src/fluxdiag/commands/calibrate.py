"""The command `calibrate`: weights of evidence fitted to LoRAs that you have judged yourself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fluxdiag.commands.talk import say

if TYPE_CHECKING:
    from fluxdiag.calibrate import Example
    from fluxdiag.weighing.calibration import Calibration


def calibrate(
    runs: Annotated[Path, typer.Argument(help="The folder that holds the run folders.", metavar="RUNS")],
    labels: Annotated[
        Path,
        typer.Argument(
            help="A CSV with the columns run,causes[,person]; causes joined by `;`, none where it is fine.",
            metavar="LABELS",
        ),
    ],
    out: Annotated[Path, typer.Option(help="The file of weights to write; never an existing one.")] = Path("calibration.json"),
    name: Annotated[str, typer.Option(help="What reports call these weights.")] = "own",
) -> None:
    """Fit the weights of evidence to your own judged LoRAs, and say how good they are."""
    from fluxdiag.calibrate import FEWEST, fit
    from fluxdiag.errors import FluxdiagError
    from fluxdiag.labels import read_labels
    from fluxdiag.runs import as_json, write_text

    if out.exists():
        raise FluxdiagError("there is a file already", where=str(out), do="Give another --out; nothing is overwritten")
    examples, profiles = read_labels(runs, labels)
    if len(profiles) != 1:
        raise FluxdiagError(
            f"the runs were made on several bases ({', '.join(sorted(profiles))})",
            where=str(labels),
            do="Fit one calibration for each base",
        )
    told = f"{len(examples)} LoRAs of {len({example.person for example in examples})} people"
    calibration = fit(examples, name, profiles.pop(), f"{told}, labelled by their user")
    if not calibration.causes:
        # A file without weights would make reports say that they were weighed with it.
        do = f"It takes {FEWEST} LoRAs of {FEWEST} people with one cause, and as many without it"
        raise FluxdiagError(f"nothing can be fitted to these {told}", where=str(labels), do=do)
    write_text(out, as_json(calibration))
    _tell(calibration, examples)
    print(out)


def _tell(calibration: Calibration, examples: list[Example]) -> None:
    """What was fitted and what was not, and how it does on people who were left out."""
    from fluxdiag.calibrate import FEWEST, fit, left_out, probabilities
    from fluxdiag.weighing.speaking import HEARINGS

    guesses: dict[str, list[tuple[float, bool]]] = {}
    for person, others in left_out(examples):
        weights = fit(others, "", calibration.profile, "")
        for example in (each for each in examples if each.person == person):
            for target, probability in probabilities(example.evidence, weights).items():
                guesses.setdefault(target, []).append((probability, target in example.targets))
    for target in HEARINGS:
        table = next((each for each in calibration.causes if each.target == target), None)
        if table is None:
            say(f"{target:26} not fitted: it takes {FEWEST} LoRAs of {FEWEST} people with it, and as many without")
            continue
        tried = guesses.get(target, [])
        right = sum((probability >= 0.5) == truth for probability, truth in tried)
        say(f"{target:26} {table.positives} with, {table.negatives} without; left out, {right} of {len(tried)} right")
