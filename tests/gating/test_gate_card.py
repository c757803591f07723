"""The model card: our block and keys go in, running it again changes nothing, and what its owner wrote stays."""

import json
from dataclasses import replace
from html import unescape

import pytest
import yaml
from gates import ANYTIME, HOSTILE, UNSEEN
from huggingface_hub import ModelCard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fluxdiag.errors import FluxdiagError
from fluxdiag.gate import gate
from fluxdiag.gating.card import END, START, card
from fluxdiag.gating.card_file import write_card
from fluxdiag.gating.civitai import civitai
from fluxdiag.gating.frontmatter import split
from fluxdiag.gating.publishing import publication
from fluxdiag.gating.reading import read_policy
from fluxdiag.records import Fact
from reported import HEALTHY_TRUTH, judged

MINE = """---
# chosen by hand
license: other   # see below
tags: [portrait, 'my tag']
widget:
  - text: mine
    output: {url: images/mine.png}

# a remark before the last key
datasets:
- me/photos
when: 2026-01-02
---
# My LoRA

Text with `code`, ümlauts and a table:

| a | b |
|---|---|
"""


@pytest.fixture(scope="module")
def published(healthy):
    return publication(healthy, gate(healthy, read_policy("marketplace"), today=ANYTIME))


@pytest.fixture(scope="module")
def shots(healthy):
    from fluxdiag.gating.publishing import samples

    return [(shot, f"fluxdiag-sample-{place + 1}.png") for place, shot in enumerate(samples(healthy))]


def head(text):
    return yaml.safe_load(split(text, "\n", "").head)


def test_a_new_card_has_what_the_hub_reads(published, shots):
    written = ModelCard(card("", published, shots, "README.md"))

    assert written.data.instance_prompt == "ohwx woman"
    assert {"lora", "flux", "text-to-image", "diffusers", "template:sd-lora"} == set(written.data.tags)
    assert [entry["output"]["url"] for entry in written.data.widget] == [name for _, name in shots]
    assert len(shots) == 3
    results = {each.metric_type: each for each in written.data.eval_results}
    assert results["identity.trigger"].metric_value == pytest.approx(published.evidence.get("identity.trigger").value, abs=1e-3)
    assert results["identity.trigger"].dataset_revision == published.made.suite_sha256
    assert "**PASSED**" in written.text


def test_running_it_again_changes_nothing(published, shots):
    for existing in ("", MINE, "just text", "# Title\n\n", MINE.replace("\n", "\r\n")):
        once = card(existing, published, shots, "README.md")
        assert card(once, published, shots, "README.md") == once


def test_what_the_owner_wrote_stays(published, shots):
    written = card(MINE, published, shots, "README.md")
    before, after = head(MINE), head(written)

    assert written.startswith("---\n# chosen by hand\nlicense: other   # see below\n")
    assert "\n# a remark before the last key\ndatasets:\n- me/photos\nwhen: 2026-01-02\n" in written
    assert {key: after[key] for key in ("license", "datasets", "when")} == {
        key: before[key] for key in ("license", "datasets", "when")
    }
    assert after["tags"][:2] == ["portrait", "my tag"]
    assert after["widget"][0] == before["widget"][0]
    assert MINE.partition("---\n# My LoRA")[2] in written


def test_single_values_of_the_owner_are_not_replaced(published, shots):
    written = card("---\ninstance_prompt: mine\nlibrary_name: other\n---\n", published, shots, "README.md")

    assert (head(written)["instance_prompt"], head(written)["library_name"]) == ("mine", "other")


@pytest.mark.parametrize(
    "existing", ["---\nlicense: mit\n---", "---\r\nlicense: mit\r\n---", "---\n---", "---\nlicense: mit\n---  "]
)
def test_front_matter_that_ends_the_file_stays_front_matter(published, shots, existing):
    once = card(existing, published, shots, "README.md")

    assert ModelCard(once).data.instance_prompt == "ohwx woman"
    assert {**(yaml.safe_load(existing.strip("- \r\n")) or {}), **head(once)} == head(once)
    assert card(once, published, shots, "README.md") == once


def test_without_pictures_an_earlier_files_samples_are_shown_no_longer(published, shots):
    once = card("", published, shots, "README.md")

    assert not head(card(once, published, [], "README.md"))["widget"]
    theirs = card(MINE, published, shots, "README.md")
    assert head(card(theirs, published, [], "README.md"))["widget"] == head(MINE)["widget"]


def test_other_results_in_the_model_index_stay(published, shots):
    theirs = {
        "task": {"type": "text-to-image"},
        "dataset": {"type": "coco", "name": "COCO"},
        "metrics": [{"type": "fid", "value": 9}],
    }
    existing = "---\n" + yaml.safe_dump({"model-index": [{"name": "mine", "results": [theirs]}]}) + "---\n"
    index = head(card(existing, published, shots, "README.md"))["model-index"]

    assert index[0]["name"] == "mine"
    assert index[0]["results"][0] == theirs
    assert len(index[0]["results"]) == 2


def test_newlines_of_the_owner_stay(published, shots):
    written = card(MINE.replace("\n", "\r\n"), published, shots, "README.md")

    assert written.count("\n") == written.count("\r\n")


def test_a_base_on_someones_disk_is_not_named(published, shots):
    assert published.case.base == "/nowhere"
    assert "/nowhere" not in card("", published, shots, "README.md")
    assert "base_model" not in head(card("", published, shots, "README.md"))


REFUSED = {
    "two starts": f"{START}\n{START}\n{END}\n",
    "no end": f"{START}\ntext",
    "no start": f"text {END}",
    "turned around": f"{END}\n{START}",
    "two blocks": f"{START}{END}{START}{END}",
    "open front matter": "---\na: 1\n",
    "no YAML": "---\na: [1\n---\n",
    "a value that does not fit its tag": "---\na: !!timestamp soon\n---\n",
    "no mapping": "---\n- a\n---\n",
    "tags that are none": "---\ntags: {a: 1}\n---\n",
    "widget that is none": "---\nwidget: 3\n---\n",
    "a key twice": "---\ntags: [a]\ntags: [b]\n---\n",
    "keys in braces": "---\n{tags: [a], license: other}\n---\n",
    "index that is none": "---\nmodel-index: [3]\n---\n",
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_card_that_cannot_be_added_to_safely_is_refused_by_name(published, shots, case):
    with pytest.raises(FluxdiagError, match=r"README\.md"):
        card(REFUSED[case], published, shots, "README.md")


@settings(max_examples=50)
@given(st.text(st.characters(codec="utf-8"), max_size=80))
@example("\r")
@example("a\r\nb\n")
def test_any_text_stays_and_the_second_run_changes_nothing(published, shots, text):
    try:
        once = card(text, published, shots, "README.md")
    except FluxdiagError:
        return
    assert text.removeprefix("\ufeff") in once or text.lstrip("\ufeff").lstrip().startswith("---")
    assert card(once, published, shots, "README.md") == once


RESERVED = {
    "tags",
    "widget",
    "model-index",
    "pipeline_tag",
    "library_name",
    "instance_prompt",
    "base_model",
    "base_model_relation",
}
VALUES = st.text(max_size=12) | st.integers() | st.none() | st.lists(st.text(max_size=6), max_size=3)
KEYS = st.text(max_size=12).filter(lambda key: key not in RESERVED)


@settings(max_examples=40)
@given(content=st.dictionaries(KEYS, VALUES, max_size=4), tag=st.text(min_size=1, max_size=6), wide=st.booleans())
def test_any_front_matter_keeps_its_keys_and_values(published, content, tag, wide):
    existing = f"---\n{yaml.safe_dump({**content, 'tags': [tag]}, sort_keys=False, allow_unicode=wide)}---\nbody\n"
    before, after = head(existing), head(card(existing, published, [], "README.md"))

    assert {key: after[key] for key in before if key != "tags"} == {key: before[key] for key in before if key != "tags"}
    assert after["tags"][0] == before["tags"][0]


# ------------------------------------------------------------------------------------------------ on disk


def test_sample_pictures_are_of_the_whole_file_at_its_own_strength(healthy, shots):
    assert {(shot.variant, shot.strength) for shot, _ in shots} == {("full", healthy.case().strength)}


def test_the_written_card_brings_its_pictures_without_their_notes(healthy, published, tmp_path):
    from PIL import Image

    path = tmp_path / "README.md"
    path.write_bytes(MINE.encode())

    said = list(write_card(path, healthy, published))

    names = [entry["output"]["url"] for entry in head(path.read_text(encoding="utf-8"))["widget"][1:]]
    assert len(names) == 3
    for name in names:
        with Image.open(tmp_path / name) as picture:
            assert picture.info == {}
    assert said == ["written, with 3 sample pictures beside it"]


def test_sample_pictures_of_an_earlier_file_are_removed_and_nothing_else(copy, published, tmp_path):
    folder = tmp_path / "card"
    folder.mkdir()
    (folder / "fluxdiag-sample-of-mine.png").write_text("mine")
    list(write_card(folder / "README.md", copy, published))
    assert len(list(folder.glob("fluxdiag-sample-[0-9].png"))) == 3
    for file in copy.shots_folder.iterdir():
        file.unlink()

    said = list(write_card(folder / "README.md", copy, published))

    assert said == ["written; there were no pictures to add"]
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "fluxdiag-sample-of-mine.png"]


def test_a_refused_card_leaves_everything_as_it_was(healthy, published, tmp_path):
    path = tmp_path / "README.md"
    path.write_text(f"{START}\nmine", encoding="utf-8")

    with pytest.raises(FluxdiagError, match="markers"):
        list(write_card(path, healthy, published))

    assert [each.name for each in tmp_path.iterdir()] == ["README.md"]
    assert path.read_text(encoding="utf-8") == f"{START}\nmine"


def test_a_picture_outside_the_run_is_not_published(copy, tmp_path):
    from fluxdiag.gating.publishing import samples

    lines = copy.shots_file.read_text(encoding="utf-8").splitlines()
    secret = tmp_path / "secret.png"
    secret.write_bytes((copy.folder / json.loads(lines[0])["file"]).read_bytes())
    copy.shots_file.write_text("".join(json.dumps({**json.loads(each), "file": "../secret.png"}) + "\n" for each in lines))

    assert samples(copy) == []


# ------------------------------------------------------------------------------------------------ hostile, civitai


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    run = judged(tmp_path_factory.mktemp("hostile"), HEALTHY_TRUTH, trigger=Fact(value=HOSTILE, source="header"))
    answer = gate(run, read_policy("hobby"), today=ANYTIME).model_copy(
        update={"sentence": HOSTILE, "lora": HOSTILE, "policy": HOSTILE}
    )
    return run, publication(run, answer)


def test_a_hostile_trigger_stays_text_in_the_card_and_idempotent(hostile):
    run, published = hostile
    from fluxdiag.gating.publishing import samples

    shots = [(shot, "fluxdiag-sample-1.png") for shot in samples(run)[:1]]
    once = card(MINE, published, shots, "README.md")

    assert card(once, published, shots, "README.md") == once
    body = split(once, "\n", "").body
    assert (body.count(START), body.count(END)) == (1, 1)
    assert [character for character in UNSEEN if character in once] == []
    assert list(head(once))[:5] == ["license", "tags", "widget", "datasets", "when"]
    assert head(once)["instance_prompt"].startswith("</script>")


def test_civitais_fields_leave_to_the_uploader_what_only_they_know(published):
    fields = json.loads(civitai(published))

    assert (fields["poi"], fields["minor"], fields["nsfw"], fields["epochs"]) == (None, None, None, None)
    assert fields["you_must_answer"] == ["poi", "minor", "nsfw"]
    assert (fields["trainedWords"], fields["baseModel"], fields["steps"]) == (["ohwx woman"], "Flux.1 D", 1950)


def test_civitais_numbers_say_what_scale_they_are_on_as_the_card_does(healthy, published):
    description = json.loads(civitai(published))["description"]
    assert "Likeness is on the person's own scale" in unescape(description)
    assert "There were no reference photos" not in description

    evidence = published.evidence
    kept = {key: found for key, found in evidence.measurements.items() if key != "identity.ceiling"}
    own_scale = replace(published, evidence=evidence.model_copy(update={"measurements": kept}))
    assert "There were no reference photos" in json.loads(civitai(own_scale))["description"]
    nothing = replace(published, evidence=evidence.model_copy(update={"measurements": {}}))
    assert "scale" not in json.loads(civitai(nothing))["description"]


def test_civitais_description_escapes_everything(hostile):
    import re

    description = json.loads(civitai(hostile[1]))["description"]

    assert set(re.findall(r"</?(\w+)", description)) <= {"p", "strong", "ul", "li", "code"}
    assert "&lt;script&gt;" in description
