"""Runs in every state that a report can be in: specimens of the laboratory, laid out as run folders, and changes to them.

A specimen is a real run (`specimens/thin.py` made it). What no run of the laboratory has shown yet is a change to one of its
records; the files' digests are then made to agree again.
"""

import io
import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import fluxlab
from fluxdiag.dataset.audit.records import CheckText, Overlap, ReferenceAudit
from fluxdiag.dataset.audit.records import Finding as Found
from fluxdiag.diagnose import diagnose
from fluxdiag.lora import lora_file, read_lora
from fluxdiag.measure import measure
from fluxdiag.records import Change, Conflict, Fact, Finding, Measurement, Photo, Span, Symptom
from fluxdiag.runs import Run, sha256_file, write_arrays

SPECIMENS = Path(__file__).parent / "specimens"
ANEW = frozenset({"healthy", "overcaptioned", "no-regularisation", "none-known"})
"""judged by today's rules as when they were made; the others keep the diagnosis that they came with, of fewer causes"""
SIDE, COLUMNS = 64, 24
HOSTILE = "</script><img src=x onerror=alert(1)>\"'`{{7*7}}\u202egnp.exe\u2066\u200b\x07<!--"
OFF = {"trigger": "trigger-base", "class": "base", "contrast": "contrast-base", "others": "others-base"}
"""arm -> the same prompts without the LoRA"""
STATES = {}


def state(make):
    """Register a function from an empty folder to a run; its name is the state's."""
    STATES[make.__name__.replace("_", "-")] = make
    return make


# ------------------------------------------------------------------------------------------------ from a specimen to a run


def laid_out(specimen: str, folder: Path) -> Run:
    """The specimen as a run folder, its photos beside it."""
    run = Run(folder / "run")
    with zipfile.ZipFile(SPECIMENS / f"{specimen}.zip") as packed:
        for file in packed.namelist():
            if file.endswith((".json", ".jsonl", ".npz")):
                packed.extract(file, run.folder)
        case = json.loads(packed.read("case.json"))
        for kind in ("photos", "references"):
            _unfold(packed.read(f"{kind}.webp"), [folder / photo["path"] for photo in case[kind]])
        _unfold(packed.read("shots.webp"), [run.folder / shot.file for shot in run.shots()])
    before = {photo["sha256"]: photo for photo in case["photos"]}
    for photo in (*case["photos"], *case["references"]):
        photo["path"] = str(folder / photo["path"])
        photo["sha256"] = sha256_file(Path(photo["path"]))
    for name in ("faces", "references", "losses", "clip", "labels"):
        write_arrays(run.arrays_folder / f"{name}.npz", {_key(key, before): _whole(a) for key, a in run.arrays(name).items()})
    run.case_file.write_text(json.dumps(case))
    made = json.loads(run.gather_file.read_text())
    run.gather_file.write_text(json.dumps(limits() | made))
    chained(sealed(run))
    if specimen in ANEW:
        diagnose(run)
    return run


def _key(key: str, photos: dict) -> str:
    """Photos have another digest once they are laid out."""
    digest = key.removeprefix("photo:")
    return f"photo:{photos[digest]['sha256']}" if digest in photos else key


def _whole(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float32) if array.dtype == np.float16 else array


def limits() -> dict:
    """What gathering writes down of the base's profile: the specimens are of before it did, and the laboratory is not here."""
    profile = tomllib.loads((Path(fluxlab.__file__).parent / "profile.toml").read_text(encoding="utf-8"))
    return {"bands": profile["bands"], "step_formula": profile["step_formula"]}


def sealed(run: Run) -> Run:
    """Every shot names the digest of its picture, as gather writes it; a missing file keeps what it had."""
    there = {shot.id: run.folder / shot.file for shot in run.shots() if (run.folder / shot.file).is_file()}
    digests = {id_: sha256_file(file) for id_, file in there.items()}
    run.write_shots(s.model_copy(update={"sha256": digests.get(s.id, s.sha256)}) for s in run.shots())
    return run


def _unfold(sheet: bytes, files: list[Path]) -> None:
    whole = Image.open(io.BytesIO(sheet)).convert("RGB")
    for index, file in enumerate(files):
        left, top = index % COLUMNS * SIDE, index // COLUMNS * SIDE
        file.parent.mkdir(parents=True, exist_ok=True)
        whole.crop((left, top, left + SIDE, top + SIDE)).save(file)


def chained(run: Run) -> Run:
    """Every record names the digest of the one that it was made from."""
    chain = [(run.case_file, file, "case_sha256") for file in (run.audit_file, run.gather_file)]
    chain.append((run.gather_file, run.evidence_file, "gather_sha256"))
    for source, file, key in (*chain, (run.evidence_file, run.diagnosis_file, "evidence_sha256")):
        if file.is_file():
            file.write_text(json.dumps(json.loads(file.read_text()) | {key: sha256_file(source)}))
    return run


def changed(run: Run, *, case=None, gather=None, evidence=None, diagnosis=None) -> Run:
    """The run with these fields of its records replaced."""
    parts = (
        (run.case_file, run.case, case),
        (run.gather_file, run.gather_info, gather),
        (run.evidence_file, run.evidence, evidence),
        (run.diagnosis_file, run.diagnosis, diagnosis),
    )
    records = [(file, read().model_copy(update=fields)) for file, read, fields in parts if fields]
    for file, record in records:
        run.write(file, record)
    return chained(run)


def blamed(run: Run, *causes: tuple[str, str | None, str, str], **fields) -> Run:
    """The run's diagnosis with these causes present: (cause, direction, setting, new value)."""
    old = run.diagnosis()
    found = {finding.cause: finding for finding in old.findings}
    present = [_present(found[cause], direction, setting, to) for cause, direction, setting, to in causes]
    rest = [f if f.status != "present" else f.model_copy(update={"status": "absent"}) for f in old.findings]
    findings = (*present, *(f for f in rest if f.cause not in {p.cause for p in present}))
    changes = tuple(change for finding in present for change in finding.changes)
    told = {"verdict": "faulty", "sentence": f"{present[0].title}.", "findings": findings, "prescription": changes}
    return changed(run, diagnosis=told | fields)


def _present(finding: Finding, direction: str | None, setting: str, to: str) -> Finding:
    change = Change(setting=setting, to=to, because="what was measured speaks for it")
    fields = {"status": "present", "strength": "moderate", "direction": direction, "changes": (change,)}
    return finding.model_copy(update=fields)


# ------------------------------------------------------------------------------------------------ the states


@state
def healthy(folder):
    """With spectra: of the file that ships, for the specimen's own, of the same person and settings, was not kept."""
    run = laid_out("healthy", folder)
    lora = run.case().lora
    file = next((Path(fluxlab.__file__).parent / "examples" / "healthy").glob("*.safetensors"))
    return changed(run, case={"lora": lora.model_copy(update={"spectra": lora_file(read_lora(file)).spectra})})


@state
def overcaptioned(folder):
    return laid_out("overcaptioned", folder)


@state
def weighed(folder):
    """By fitted weights: probabilities, and what moved them."""
    run = laid_out("overcaptioned", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLUXDIAG_CALIBRATION", str(Path(fluxlab.__file__).parent / "weights" / "base" / "calibration.json"))
        diagnose(run)
    return run


@state
def no_regularisation(folder):
    return laid_out("no-regularisation", folder)


@state
def none_known(folder):
    """Wrong pictures, and none of the known causes."""
    return laid_out("none-known", folder)


@state
def undetermined(folder):
    return laid_out("undetermined", folder)


@state
def low_diversity(folder):
    return blamed(laid_out("low-diversity", folder), ("low-diversity-dataset", None, "images", "20 in different places"))


@state
def too_few_steps(folder):
    return blamed(laid_out("undetermined", folder), ("wrong-step-count", "under", "steps", "1,950"))


@state
def too_high_rank(folder):
    return blamed(laid_out("none-known", folder), ("wrong-rank", "high", "rank", "32"))


@state
def several(folder):
    """More causes than the first screen has room for, one with a change that is not safe, and a conflict."""
    long = "trigger, background, lighting, pose, framing and style; no hair, eyes, skin, face, marks, clothes or accessories"
    run = blamed(
        laid_out("overcaptioned", folder),
        ("overcaptioned-appearance", None, "captions", long),
        ("wrong-step-count", "over", "steps", "1,950"),
        ("wrong-rank", "high", "rank", "32"),
        ("missing-regularisation", None, "regularisation_images", "100-200 pictures of ordinary people"),
    )
    return changed(run, diagnosis={"conflicts": (Conflict(setting="learning_rate", wanted=("1e-4", "2e-4")),)})


@state
def inert(folder):
    """No layer could be installed, so every picture is the base's own."""
    run = laid_out("none-known", folder)
    shots, faces = {(s.arm, s.prompt_id, s.seed): s for s in run.shots()}, run.arrays("faces")
    same = []
    for shot in run.shots():
        off = shots.get((OFF.get(shot.arm, ""), shot.prompt_id, shot.seed), shot)
        shutil.copy(run.folder / off.file, run.folder / f"{shot.file}.off")
        same.append(shot.model_copy(update={"outcome": off.outcome, "faces": off.faces}))
        faces[shot.id] = faces.get(off.id, np.zeros((0, 0), np.float32))
    for shot in same:
        (run.folder / f"{shot.file}.off").replace(run.folder / shot.file)
    write_arrays(run.arrays_folder / "faces.npz", {key: array for key, array in faces.items() if len(array)})
    run.write_shots(same)
    changed(sealed(run), gather={"modules_adapted": 0, "gaps": {"lora": "no layer of this name in the model: lora_unet_x"}})
    measure(run), diagnose(run)
    symptom = Symptom(name="inert", sentence="The pictures are the same with and without the LoRA.", cites=())
    told = {"verdict": "broken", "sentence": "The file changes nothing: no layer could be installed.", "symptoms": (symptom,)}
    return blamed(run, ("inert-lora", None, "file", "one whose layers the loader finds"), **told)


@state
def faces_missing(folder):
    """Half of the people's pictures show no face, and two files are gone."""
    run = laid_out("undetermined", folder)
    shots = [s if index % 2 else s.model_copy(update={"outcome": "no-face", "faces": ()}) for index, s in enumerate(run.shots())]
    run.write_shots(shots)
    for shot in shots[:2]:
        (run.folder / shot.file).unlink()
    return run


@state
def swapped(folder):
    """Three pictures of a healthy run are other files now: one of another prompt, one retouched, one no picture at all."""
    run = laid_out("healthy", folder)
    called = [run.folder / shot.file for shot in run.shots() if shot.arm == "trigger" and shot.kind == "person"]
    first, second, third = called[:3]
    first.write_bytes(second.read_bytes())
    with Image.open(second) as opened:
        opened.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(second)
    third.write_bytes(b"no picture")
    return run


@state
def pictures_gone(folder):
    """A healthy run whose pictures somebody deleted to save room."""
    run = laid_out("healthy", folder)
    shutil.rmtree(run.shots_folder)
    return run


@state
def no_references(folder):
    """Likeness has another scale then; what hung on the references is a gap."""
    run = laid_out("undetermined", folder)
    evidence = run.evidence()
    lost = [key for key in evidence.measurements if key.startswith(("identity.", "loss."))]
    gaps = evidence.gaps | dict.fromkeys(lost, "no reference photos were given")
    kept = {key: found for key, found in evidence.measurements.items() if key not in lost}
    kept["consistency.trigger"] = Measurement(key="consistency.trigger", value=0.3, low=0.21, high=0.39, n=8, unit="cosine")
    write_arrays(run.arrays_folder / "references.npz", {"sha256": np.array([]), "embeddings": np.zeros((0, 0), np.float32)})
    (run.arrays_folder / "losses.npz").unlink()
    case = {"references": (), "reference_source": "none", "gaps": {"references": "none were given"}}
    made = {"reference_faces": 0, "gaps": {"losses": "there are no held-out photos to probe"}}
    changed(run, case=case, gather=made, evidence={"measurements": kept, "gaps": gaps})
    diagnose(run)
    return run


@state
def nothing_known(folder):
    """Only the file was given: no trigger, no dataset, no references."""
    run = no_references(folder)
    run.audit_file.unlink()
    gaps = {"photos": "no dataset was found", "trigger": "nothing tells it", "captions": "no dataset was found"}
    return changed(run, case={"photos": (), "trigger": None, "description": None, "settings": {}, "gaps": gaps})


@state
def hostile(folder):
    """Markup, bidi marks and control characters in everything that other people's files can say."""
    run = laid_out("overcaptioned", folder)
    case = run.case()
    lora = case.lora.model_copy(
        update={"path": f"/home/ana maria/{HOSTILE.replace('/', '')}.safetensors", "trainer": HOSTILE, "problems": (HOSTILE,)}
    )
    wild = (Span(start=0, end=10**9, text="x", kind="hair"), Span(start=3, end=9, text="x", kind="eyes"))
    photos = tuple(
        Photo(path=f"C:\\Users\\ana\\{index}{HOSTILE}.png", sha256=f"{index}", caption=HOSTILE * 90, appearance=wild)
        for index in range(4)
    )
    told = {
        "lora": lora, "photos": photos, "trigger": Fact(value=HOSTILE, source=HOSTILE), "description": HOSTILE,
        "class_word": Fact(value=HOSTILE, source=HOSTILE), "gaps": {HOSTILE: HOSTILE},
        "settings": {HOSTILE: Fact(value=HOSTILE, source="/home/ana maria/config.yaml")},
    }  # fmt: skip
    run.write_shots(
        s.model_copy(update={"prompt_id": HOSTILE if index % 5 == 0 else s.prompt_id, "prompt": HOSTILE, "id": s.id})
        for index, s in enumerate(run.shots())
    )
    run.write(run.audit_file, _hostile_audit(run.audit()))
    diagnosis = run.diagnosis()
    change = Change(setting="captions", **{"from": HOSTILE}, to=HOSTILE, because=HOSTILE)
    evidence = {"gaps": {**run.evidence().gaps, "obedience.light": f"cannot read '/home/ana maria/x.png': {HOSTILE}"}}
    made = {"versions": {HOSTILE: HOSTILE}, "gaps": {HOSTILE: HOSTILE}, "strangers": (0,)}
    return changed(run, case=told, gather=made, evidence=evidence, diagnosis={"prescription": (change, *diagnosis.prescription)})


def _hostile_audit(audit):
    text = CheckText(title=HOSTILE, severity="high", why=HOSTILE, do=HOSTILE)
    finding = Found(check="captions", title=HOSTILE, severity="high", files=(HOSTILE, HOSTILE), says=HOSTILE)
    whole = {"audit": finding.model_copy(update={"check": HOSTILE, "files": ()}), "files": finding}
    overlap = Overlap(reference=HOSTILE, photo=HOSTILE, kind="the same file")
    return audit.model_copy(
        update={
            "dataset": HOSTILE, "findings": tuple(whole.values()), "checks": {"captions": text, HOSTILE: text},
            "keep": (HOSTILE,), "left_out": {HOSTILE: HOSTILE}, "not_assessed": {HOSTILE: HOSTILE}, "shopping_list": (HOSTILE,),
            "references": ReferenceAudit(
                folder=HOSTILE, references=2, overlaps=(overlap,), loses={HOSTILE: HOSTILE}, strangers=(HOSTILE,)
            ),
        }
    )  # fmt: skip


@state
def very_large(folder):
    """Three times the pictures, long names, forty photos with captions of two thousand characters."""
    run = laid_out("overcaptioned", folder)
    shots, faces = run.shots(), run.arrays("faces")
    more = [
        s.model_copy(update={"id": f"{s.id}-{copy}", "prompt_id": f"{s.prompt_id}-in-a-much-longer-name-{copy}"})
        for copy in range(2)
        for s in shots
    ]
    for name, arrays in (("faces", faces), ("clip", run.arrays("clip"))):
        extra = {s.id: arrays[s.id.rpartition("-")[0]] for s in more if s.id.rpartition("-")[0] in arrays}
        write_arrays(run.arrays_folder / f"{name}.npz", arrays | extra)
    run.write_shots((*shots, *more))
    photos = run.case().photos
    many = tuple(photos[index % len(photos)].model_copy(update={"caption": "a caption " * 400}) for index in range(40))
    return changed(run, case={"photos": many}, gather={"shots": len(shots) * 3})


@state
def interrupted(folder):
    """Killed while it drew: some pictures, no records after the case."""
    run = laid_out("undetermined", folder)
    for file in (run.shots_file, run.gather_file, run.evidence_file, run.diagnosis_file):
        file.unlink()
    for picture in sorted(run.shots_folder.glob("*.png"))[20:]:
        picture.unlink()
    return run


@state
def old_schema(folder):
    """Made by a version whose diagnosis looked otherwise."""
    run = laid_out("healthy", folder)
    run.diagnosis_file.write_text(json.dumps({"schema": 0, "verdict": "healthy", "cause": "none"}))
    return run


UNREADABLE = ("interrupted", "old-schema")
"""states whose page says why there is no verdict"""


def copied(run: Run, folder: Path) -> Run:
    shutil.copytree(run.folder, folder)
    return Run(folder)
