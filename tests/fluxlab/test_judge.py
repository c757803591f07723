"""The judge's questions have one right answer each, and none where a picture does not show it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fluxlab.check import hits
from fluxlab.judge import ASPECTS, UNASKED, Judge, load_judge, shown, wanted, write_judge
from fluxlab.world import Picture, sample_picture, sample_scene, subject


def pictures() -> list[Picture]:
    rng = np.random.default_rng(3)
    return [sample_picture(rng) for _ in range(60)]


def test_every_right_answer_is_among_the_labels() -> None:
    for picture in pictures():
        assert all(said is None or said in ASPECTS[aspect] for aspect, said in shown(picture).items())
        assert shown(picture).keys() == ASPECTS.keys()


def test_what_is_not_shown_is_not_asked() -> None:
    empty = Picture((), None, sample_scene(np.random.default_rng(0)), 0)
    rng = np.random.default_rng(1)
    bald = sample_picture(rng, replace(subject(1), sex="man", hair_style="bald"))

    answers = dict(zip(ASPECTS, (row.tolist() for row in wanted([empty, bald])), strict=True))

    assert answers["hair colour"] == [UNASKED, UNASKED]
    assert answers["subject"] == [UNASKED, ASPECTS["subject"].index("a man")]
    assert answers["hair style"] == [UNASKED, ASPECTS["hair style"].index("bald")]
    assert answers["background"][0] == ASPECTS["background"].index(empty.scene.background)


def test_a_judge_comes_back_from_its_folder(tmp_path: Path) -> None:
    torch.manual_seed(0)
    judge = Judge().eval()
    write_judge(judge, tmp_path)
    seen = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3)).astype(np.uint8)

    assert load_judge(tmp_path).answers(seen) == judge.answers(seen)


def test_hits_count_what_is_shown_only() -> None:
    answers = {"subject": ["a man", "a dog", "a cat"], "outfit": ["red t-shirt"] * 3}
    right = [
        {"subject": "a woman", "outfit": "red t-shirt"},
        {"subject": "a dog", "outfit": None},
        {"subject": None, "outfit": None},
    ]

    assert hits("judge", answers, right) == pytest.approx(
        {"judge subject": 0.5, "judge outfit": 1.0, "judge person or thing": 1.0}
    )
