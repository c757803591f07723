"""Ordinary people out of a base with random weights: as many as were asked for, and none of them twice."""

from __future__ import annotations

import hashlib

from PIL import Image

from fluxdiag.curing.ordinary import drawn_people, prompts
from fluxdiag.profiles import load_profile
from fluxdiag.suites import ask, load_suite
from judged_runs import miniature


def test_pictures_and_captions_are_drawn_once(tmp_path, tiny_base):
    base = miniature(tmp_path / "base", tiny_base)
    profile = load_profile(str(base))
    heard = []
    drawn_people(str(base), profile, "woman", 5, tmp_path / "people", lambda *at: heard.append(at))
    files = sorted((tmp_path / "people").glob("*.png"))
    assert [file.name for file in files] == ["001.png", "002.png", "003.png", "004.png", "005.png"]
    assert len({hashlib.sha256(file.read_bytes()).hexdigest() for file in files}) == 5
    with Image.open(files[0]) as image:
        assert image.size == profile.resolution
    assert list(dict.fromkeys(at[1:] for at in heard)) == [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5)]
    files[2].unlink()
    kept = files[0].stat().st_mtime_ns
    heard.clear()
    drawn_people(str(base), profile, "woman", 5, tmp_path / "people", lambda *at: heard.append(at))
    assert {at[1:] for at in heard} == {(0, 1)}
    assert files[0].stat().st_mtime_ns == kept


def test_prompts_are_plain_varied_and_none_of_the_probes():
    made = prompts("woman", 200)
    probes = {ask(prompt, "a woman") for probe in load_suite("quick")[0].probes for prompt in probe.prompts}
    assert len(made) == 200
    assert len(set(made)) > 80
    assert not set(made) & probes
    assert all(text.startswith("a woman ") for text in made)
