"""What a header says beside the settings: trainer, trigger, strength; what is a trap, and what is nothing at all."""

import json

import pytest

from fluxdiag.lora.header import recommended_strength, trainer_of, trigger_candidates, unread


def subset(directory, count, repeats=1, tokens=None, is_reg=False):
    return {"image_dir": directory, "img_count": count, "num_repeats": repeats, "class_tokens": tokens, "is_reg": is_reg}


@pytest.mark.parametrize(
    ("header", "trainer"),
    [
        ({"software": '{"name": "fluxdiag"}', "ss_network_module": "networks.lora_flux"}, "fluxdiag"),
        ({"software": '{"name": "ai-toolkit"}'}, "ai-toolkit"),
        ({"ss_network_module": "lycoris.kohya"}, "kohya"),
        ({"ot_branch": "master"}, "onetrainer"),
        ({"global_step": "500"}, "simpletuner"),
        ({"lora_adapter_metadata": "{}"}, "diffusers"),
        ({"training_info": '{"step": 5, "epoch": 1}'}, "ai-toolkit"),
        ({"software": '{"name": ["a list"]}'}, None),
        ({"software": "garbage"}, None),
        ({"format": "pt"}, None),
    ],
)
def test_the_trainer_is_known_by_its_traces(header, trainer):
    assert trainer_of(header) == trainer


def test_trigger_candidates_come_surest_first():
    tags = {"img": {"woman": 20, "ohwx": 20, "park": 7}, "reg": {"zyx": 99, "a woman": 99}}
    datasets = [{"subsets": [subset("img", 20, tokens="sks"), subset("reg", 9, tokens="woman", is_reg=True)]}]
    header = {
        "modelspec.trigger_phrase": "ohwx woman",
        "ss_datasets": json.dumps(datasets),
        "trained_words": "abc, def",
        "ss_tag_frequency": json.dumps(tags),
    }
    assert [fact.value for fact in trigger_candidates(header)] == ["ohwx woman", "sks", "abc", "ohwx"]


FOLDERS = {"10_ohwx woman": {"n_repeats": 10, "img_count": 20}}
TRIGGERS = [
    ({"ss_dataset_dirs": json.dumps(FOLDERS), "ss_reg_dataset_dirs": "{}"}, "ohwx woman", "class_tokens"),
    # ai-toolkit's one entry is made up from trigger_word: its count of 1 says nothing of captions
    ({"software": '{"name": "ai-toolkit"}', "ss_tag_frequency": '{"1_p3r5on": {"p3r5on": 1}}'}, "p3r5on", "ai-toolkit"),
    ({"ss_tag_frequency": '{"1_p3r5on": {"p3r5on": 1}}'}, "p3r5on", "ai-toolkit"),
    # SimpleTuner writes its instance prompts, and the tags that more than half of the captions have
    ({"trained_words": "ohwx woman,a photo", "global_step": "1200"}, "ohwx woman", "trained_words"),
    ({"global_step": "9", "ss_tag_frequency": '{"photos": {"ohwx": 12, "smiling": 7}}'}, "ohwx", "SimpleTuner"),
    ({"modelspec.trigger_phrase": "None", "trained_words": "sks man"}, "sks man", "trained_words"),
    ({"ss_tag_frequency": '{"img": {"ohwx woman": 20, "smiling": 8}}'}, "ohwx woman", "lower case"),
]


@pytest.mark.parametrize(("header", "trigger", "source"), TRIGGERS)
def test_each_trainer_names_its_trigger_in_its_own_way(header, trigger, source):
    (found,) = trigger_candidates(header)
    assert found.value == trigger
    assert source in found.source


@pytest.mark.parametrize("tags", ['{"1_a": {"b": 1}}', '{"1_a": {"a": 1, "b": 1}}', '{"1_": {"": 1}}', '{"x": {"a": true}}'])
def test_one_tag_of_one_image_is_no_trigger(tags):
    assert list(trigger_candidates({"ss_tag_frequency": tags})) == []


HOSTILE = {
    "nested": "[" * 200_000,
    "a JSON bomb": "[" + "{}," * 3_000_000 + "{}]",
    "a number of 5000 digits": '{"a": ' + "9" * 5_000 + "}",
    "cut": '{"a": 1',
    "no JSON": "\x1b]0;pwned\x07\u202e",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_json_says_nothing_and_is_named(kind):
    keys = ("ss_datasets", "ss_tag_frequency", "software", "training_info", "ot_config", "ss_dataset_dirs")
    header = dict.fromkeys(keys, HOSTILE[kind])
    assert list(trigger_candidates(header)) == []
    assert trainer_of(header) == ("onetrainer" if "ot_config" in header else None)
    assert set(unread(header)) == set(keys)


def test_a_text_without_end_is_cut():
    (found,) = trigger_candidates({"modelspec.trigger_phrase": "x" * 10_000_000})
    assert len(found.value) == 2_000


@pytest.mark.parametrize(
    "tags",
    [{"a woman in a park": 20, "photorealistic": 20}, {"ohwx standing": 1, "ohwx sitting": 1}, {"ohwx": 5, "woman": 20}],
)
def test_a_clause_that_few_captions_share_is_no_trigger(tags):
    assert list(trigger_candidates({"ss_tag_frequency": json.dumps({"img": tags})})) == []


@pytest.mark.parametrize(
    ("header", "strength"),
    [
        ({"recommended_strength": "0.8"}, 0.8),
        ({"modelspec.usage_hint": "Best at a weight of 0.7 to 0.9"}, 0.7),
        ({"modelspec.usage_hint": "Strength: 1"}, 1.0),
        ({"modelspec.usage_hint": "Strength: 1."}, 1.0),
        ({"modelspec.usage_hint": "lr 1e-4, weight decay 0.01, 2000 steps"}, None),
        ({"modelspec.usage_hint": "lr 1e-4, weight decay 0.5, use at strength 0.9"}, 0.9),
        ({"modelspec.usage_hint": "use strength 10 percent less"}, None),
        ({"modelspec.usage_hint": "strength 1 % less"}, None),
        ({"modelspec.usage_hint": "network weights 0.9"}, None),
        ({"recommended_strength": "0.01"}, None),
        ({"recommended_strength": "80"}, None),
        ({"modelspec.usage_hint": "trigger word ohwx"}, None),
        ({}, None),
    ],
)
def test_a_recommended_strength_is_taken_within_reason(header, strength):
    assert recommended_strength(header) == strength
