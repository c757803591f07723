"""docs/measurements.md cannot rot: its keys are the registry's, the causes it names are those that read or weigh the key."""

import inspect
import re
import sys
from pathlib import Path

import pytest

from fluxdiag import comparing, lora, weighing
from fluxdiag.registry import instruments, rules
from fluxdiag.weighing.speaking import HEARINGS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "measurements.md").read_text(encoding="utf-8")
ROWS = {key: cells.split("|") for key, cells in re.findall(r"^\| `([a-z.-]+)` \|(.*)\|$", DOCUMENT, re.MULTILINE)}
KEYS = sorted(key for instrument in instruments() for key in instrument.gives)


def test_every_key_is_described_once_and_no_other():
    assert sorted(ROWS) == KEYS
    assert len(re.findall(r"^\| `", DOCUMENT, re.MULTILINE)) == len(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_names_the_causes_whose_rules_or_weights_read_it(key):
    reading = {rule.cause for rule in rules() if f'"{key}"' in inspect.getsource(sys.modules[rule.judge.__module__])}
    reading |= {target.partition(":")[0] for target, hearing in HEARINGS.items() for s in hearing.speakers if s.key == key}
    named = {word.strip() for word in ROWS[key][-1].split(",")} & {rule.cause for rule in rules()}
    assert named == reading


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_given_by_one_instrument_only(key):
    assert sum(key in instrument.gives for instrument in instruments()) == 1


@pytest.mark.parametrize("package", [comparing, lora, weighing], ids=lambda package: package.__name__)
def test_a_package_says_what_each_of_its_files_is_for(package):
    files = {file.name for file in Path(package.__file__).parent.glob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"(?<![\w/])\w+\.py\b", package.__doc__)) == files
