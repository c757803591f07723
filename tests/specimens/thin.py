"""A run of the laboratory as a specimen of a few hundred kB: `python tests/specimens/thin.py RUN NAME`.

Records are kept as they are but for folders; pictures lie in one sheet, embeddings in half precision. `states.py` lays a specimen
out as a run folder again.
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from fluxdiag.runs import Run

HERE = Path(__file__).parent
SIDE, COLUMNS = 64, 24
QUALITY = 70
ARRAYS = ("faces", "references", "losses", "clip", "labels")


def thin(run: Run, name: str) -> Path:
    case = json.loads(run.case_file.read_text())
    photos = {kind: [Path(photo["path"]) for photo in case[kind]] for kind in ("photos", "references")}
    case["lora"]["path"], case["base"] = Path(case["lora"]["path"]).name, "laboratory"
    for kind, paths in photos.items():
        for photo, path in zip(case[kind], paths, strict=True):
            photo["path"] = f"{kind}/{path.name}"
    files = {"case.json": json.dumps(case).encode()}
    records = (run.audit_file, run.gather_file, run.evidence_file, run.diagnosis_file, run.shots_file)
    files |= {file.name: file.read_bytes() for file in records if file.exists()}
    files |= {f"arrays/{array}.npz": halved(run.arrays(array)) for array in ARRAYS}
    files["shots.webp"] = sheet([run.folder / shot.file for shot in run.shots()])
    files |= {f"{kind}.webp": sheet(paths) for kind, paths in photos.items()}
    with zipfile.ZipFile(HERE / f"{name}.zip", "w") as packed:
        for file, content in files.items():
            # ZipInfo has a fixed date, so the same run gives the same bytes.
            packed.writestr(zipfile.ZipInfo(file), content, zipfile.ZIP_DEFLATED, 9)
    return HERE / f"{name}.zip"


def halved(arrays) -> bytes:
    buffer = io.BytesIO()
    halves = {key: array.astype(np.float16) for key, array in arrays.items() if array.dtype.kind == "f" and key != "sigma"}
    np.savez_compressed(buffer, **{**arrays, **halves})
    return buffer.getvalue()


def sheet(files) -> bytes:
    """All pictures in rows of COLUMNS, each brought to SIDE x SIDE."""
    whole = Image.new("RGB", (COLUMNS * SIDE, max(1, -(-len(files) // COLUMNS)) * SIDE))
    for index, file in enumerate(files):
        with Image.open(file) as picture:
            place = (index % COLUMNS * SIDE, index // COLUMNS * SIDE)
            whole.paste(picture.convert("RGB").resize((SIDE, SIDE)), place)
    buffer = io.BytesIO()
    whole.save(buffer, "WEBP", quality=QUALITY, method=6)
    return buffer.getvalue()


if __name__ == "__main__":
    print(thin(Run(Path(sys.argv[1])), sys.argv[2]))
