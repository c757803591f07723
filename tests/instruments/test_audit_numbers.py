"""What an audit of the training photos becomes in the evidence: each number, and each gap with its reason."""

from dataclasses import replace

import pytest
from test_instruments import tables

from fluxdiag.dataset.audit.records import Audit, CheckText, Finding, Variety
from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments import photos
from fluxdiag.records import Gap

TEXT = CheckText(title="t", severity="low", why="w", do="d")
SHOTS = {"full body": ("1",), "cowboy": (), "portrait": ("2", "3"), "close-up": ()}
POSES = Variety(aspect="pose", effective=2.5, most="portrait, front", share=0.5, of=10, how="from faces")


def audited(*found, readable=10, distinct=10, variety=(POSES,), not_assessed=None):
    findings = tuple(Finding(check=check, title="t", severity="low", files=files, says="s") for check, files in found)
    return Audit(
        dataset="d", images=readable, readable=readable, distinct=distinct, described=(0, 0), resolution=64, models={},
        findings=findings, checks={one.check: TEXT for one in findings}, not_assessed=not_assessed or {}, variety=variety,
        shots=SHOTS, angles={}, shopping_list=(), keep=(), left_out={},
    )  # fmt: skip


def read(audit):
    readings = list(photos.measure(replace(tables(), audit=audit)))
    return {one.key.removeprefix("dataset."): one.reason if isinstance(one, Gap) else one.value for one in readings}


@pytest.mark.parametrize(
    ("audit", "key", "value"),
    [
        (audited(), "duplicates", 0.0),
        (audited(distinct=7), "duplicates", pytest.approx(0.3)),
        (audited(("head-cropped", ("a",)), ("head-cropped", ("b",))), "faces-cropped", 0.2),
        (audited(("face-small", ("a",))), "faces-cropped", 0.0),
        (audited(("other-person", ("a",)), ("several-faces", ("a",)), ("several-faces", ("b",))), "other-people", 0.2),
        (audited(), "shot-types", 2),
        (audited(), "effective-poses", 2.5),
    ],
)
def test_a_number(audit, key, value):
    assert read(audit)[key] == value


def test_without_a_face_pack_there_are_gaps_and_not_zeros():
    found = read(audited(variety=(), not_assessed={"head-cropped": "no face pack"}))
    assert found == {"duplicates": 0.0} | dict.fromkeys(
        ("faces-cropped", "other-people", "shot-types", "effective-poses"), "no face pack"
    )


@pytest.mark.parametrize("audit", [None, audited(readable=0, distinct=0)])
def test_what_was_not_audited_is_not_measured(audit):
    with pytest.raises(CannotMeasure):
        read(audit)
