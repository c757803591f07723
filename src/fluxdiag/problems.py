"""What is wrong with a file, its header or its dataset as far as that shows without a model; each with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.mined import looks_in
from fluxdiag.dataset.photos import Reading
from fluxdiag.dataset.trigger import holds
from fluxdiag.dataset.trigger_judging import judge_trigger
from fluxdiag.lora.beside import TrainerConfig
from fluxdiag.lora.container import NOT_TEXT
from fluxdiag.lora.energy import dead
from fluxdiag.lora.header import tag_counts, unread
from fluxdiag.lora.health import Broken
from fluxdiag.lora.reader import IN_PARTS, MISSHAPEN, UNKNOWN
from fluxdiag.lora.settings import without_alpha, written_scale
from fluxdiag.lora.stored import DISAGREE, HALF
from fluxdiag.lora.survey import Survey
from fluxdiag.lora.unfuse import FUSED
from fluxdiag.records import SEVERITIES, Fact, Record, Severity
from fluxdiag.rules.overcaptioned_appearance import APPEARANCE_SHARE, HARDLY_ANY

MANY_DEAD, MANY_DENORMAL = 0.1, 0.01
"""shares of the layers, and of the numbers"""
SHOWN = 60
"""characters of a phrase from the header"""
NAMED = 3
"""tensors that a sentence names; the JSON has all of them"""
USUAL_SCALE = (0.25, 2.0)
"""alpha / rank that common trainers use without asking, from below 1/4 (fluxgym) to 2"""
NEAR = 64
"""rank of the plain LoRA that is offered in place of a form that has no equal one"""
T5 = "text_encoder_2."
"""diffusers drops its layers, whatever they are called"""
HALF_LOADED = "Copy the file again; if it is whole, use another checkpoint"
NO_RELATIVE = "Make sure that it is for FLUX.1 and not for a relative of it"
READING: dict[str, tuple[Severity, str]] = {
    HALF: ("high", HALF_LOADED),
    DISAGREE: ("high", HALF_LOADED),
    MISSHAPEN: ("high", NO_RELATIVE),
    FUSED: ("high", "Convert it with the program that made it"),
    IN_PARTS: ("high", "Load it at a higher strength"),
    UNKNOWN.kind: ("low", NO_RELATIVE),
    NOT_TEXT: ("low", "`fluxdiag convert` mends that"),
}
"""kind of the reader's remarks: how grave, and what to do"""
DESCRIBED: Severity = "critical"
"""as `dataset audit` and the cause itself grade captions that describe the person (guide, root causes), but for a header's few"""
EARLIER = "Use an earlier checkpoint, or train with a lower learning rate"


class Problem(Record):
    severity: Severity
    what: str
    do: str


def problems_of(
    found: Survey,
    config: TrainerConfig,
    base: Fact | None,
    against: tuple[str, ...],
    training: Mapping[str, Fact],
    trigger: Fact | None,
    photos: Reading | None,
) -> tuple[Problem, ...]:
    """The gravest first."""
    every = (
        *_numbers(found),
        *_layers(found),
        *_base(base, against),
        *_header(found, config, training),
        *_trigger(trigger),
        *(_header_captions(found, training) if photos is None else _dataset(photos, trigger, training)),
    )
    return tuple(sorted(every, key=lambda problem: SEVERITIES.index(problem.severity)))


def _numbers(found: Survey) -> Iterator[Problem]:
    health = found.health
    used = [broken for broken in health.broken if found.hit[broken.name]]
    if used:
        layers = dict.fromkeys(path for broken in used for path in found.hit[broken.name])
        what = f"{len(layers)} of its {len(found.layers)} layers hold NaN or infinity: the training diverged ({_named(used)})"
        yield Problem(severity="critical", what=what, do=EARLIER)
    elif lost := len(found.layers) - len(found.spectra):
        what = f"{lost} of its {len(found.layers)} layers hold numbers beyond float32"
        yield Problem(severity="critical", what=what, do=EARLIER)
    if unused := [broken for broken in health.broken if not found.hit[broken.name]]:
        what = f"{len(unused)} tensors that are left out hold numbers that are none ({_named(unused)})"
        yield Problem(severity="medium", what=what, do=EARLIER)
    if health.denormal > MANY_DENORMAL * health.numbers:
        share = health.denormal / health.numbers
        what = f"{share:.0%} of its numbers are too small for their type ({', '.join(found.dtypes)}) and have lost digits"
        yield Problem(severity="medium", what=what, do="Save it in bfloat16 or float32")


def _named(broken: Sequence[Broken]) -> str:
    """`lora_A: 12 NaN, 3 infinite; lora_B: 1 NaN; and 4 more tensors`"""
    said = [
        f"{tensor.name}: "
        + ", ".join(f"{count} {kind}" for count, kind in ((tensor.nan, "NaN"), (tensor.infinite, "infinite")) if count)
        for tensor in broken[:NAMED]
    ]
    more = [f"and {len(broken) - NAMED} more tensors"] if len(broken) > NAMED else []
    return "; ".join([*said, *more])


def _layers(found: Survey) -> Iterator[Problem]:
    lost = dead(found.spectra)
    if len(lost) == len(found.layers):
        what = "the change of every layer is zero: this file does nothing"
        yield Problem(severity="critical", what=what, do="Use another checkpoint; if all are so, the training never ran")
    elif lost:
        severity: Severity = "high" if len(lost) > MANY_DEAD * len(found.layers) else "low"
        what = f"{len(lost)} of its {len(found.layers)} layers change nothing ({lost[0]} first)"
        yield Problem(
            severity=severity, what=what, do="Harmless if they were left out on purpose; else look at the trainer's log"
        )
    yield from _diffusers(found)
    for remark in found.problems:
        severity, do = READING.get(remark.kind, ("low", "See whether it matters to you"))
        yield Problem(severity=severity, what=remark.text, do=do)


def _diffusers(found: Survey) -> Iterator[Problem]:
    """Low where the programs that most people paint with are known to load it."""
    if found.outcome is None:
        return
    severity: Severity = "high" if found.elsewhere is None else "low"
    fine = f"; {found.elsewhere} can load it as it is" if found.elsewhere else ""
    yield Problem(severity=severity, what=f"diffusers' own loader {found.outcome}{fine}", do=_for_diffusers(found))


def _for_diffusers(found: Survey) -> str:
    """A command that `convert` takes for a file of this form; it takes none with NaN."""
    if len(found.spectra) < len(found.layers):
        return EARLIER
    kohya = "" if found.dialect == "kohya" else "`fluxdiag convert FILE --to kohya` keeps the form, which ComfyUI loads"
    if found.beyond == "magnitude":
        return f"diffusers has no place for this DoRA{'; ' * bool(kohya)}{kohya or ': use it in ComfyUI'}"
    if found.beyond == "rank":
        near = f"`fluxdiag convert FILE --to diffusers --rank {NEAR}` writes the nearest plain LoRA, an approximation"
        return f"{near}{'; ' * bool(kohya)}{kohya}"
    whole = not any(layer.path.startswith(T5) for layer in found.layers)
    return f"`fluxdiag convert FILE --to diffusers` writes one that it loads {'whole' if whole else 'but for T5'}"


def _base(base: Fact | None, against: tuple[str, ...]) -> Iterator[Problem]:
    if base is not None and base.value != "flux1-dev":
        what = f"it was trained on {base.value} ({base.source}), and is mostly used on flux1-dev"
        yield Problem(severity="high", what=what, do="Load it on the base that it was trained on")
    for sentence in against:
        yield Problem(severity="medium", what=sentence, do="Ask who trained it; the tensors count")


def _header(found: Survey, config: TrainerConfig, training: Mapping[str, Fact]) -> Iterator[Problem]:
    for sentence in found.contradictions:
        do = "Trust the tensors: the file was resized, merged or converted after its training"
        yield Problem(severity="medium", what=sentence, do=do)
    low, high, source = _scales(found, training)
    if low < USUAL_SCALE[0] or high > USUAL_SCALE[1]:
        shown = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        what = f"alpha / rank is {shown}{source}, so that the learning rate acted {shown} times as strongly"
        yield Problem(severity="low", what=what, do="Compare learning rates of other recipes with that in mind")
    done, planned = (_number(training, name) for name in ("steps", "planned_steps"))
    if done is not None and planned is not None and done < planned:
        what = f"it was saved at step {done:g} of {planned:g}"
        yield Problem(severity="low", what=what, do="Fine for a chosen checkpoint; else use the last one")
    if config.problem is not None:
        yield Problem(severity="low", what=config.problem, do="Its settings are unknown; correct or remove it")
    for remark in config.remarks:
        yield Problem(severity="low", what=remark, do="Read the rank as alpha, too")
    if keys := unread(found.metadata):
        what = f"its header holds JSON that cannot be read or is far too long: {', '.join(keys)}"
        yield Problem(severity="low", what=what, do="Nothing was taken from there")


def _scales(found: Survey, training: Mapping[str, Fact]) -> tuple[float, float, str]:
    """The least and the largest alpha / rank of the training, and where it was read if not off the tensors."""
    written = written_scale(found.metadata, found.layers, training) if without_alpha(found.layers) else None
    if written is not None:
        return float(written.value), float(written.value), f" ({written.source})"
    scales = {spectrum.scale for spectrum in found.spectra} or {1.0}
    return min(scales), max(scales), ""


def _number(training: Mapping[str, Fact], name: str) -> float | None:
    fact = training.get(name)
    return float(fact.value) if fact is not None and not isinstance(fact.value, str) else None


def _header_captions(found: Survey, training: Mapping[str, Fact]) -> Iterator[Problem]:
    """Without the photos, their captions' clauses as kohya counts them."""
    tags = tag_counts(found.metadata)
    looks = looks_in(tags)
    if not looks:
        return
    images, most = _number(training, "images"), max(1, *tags.values())
    many = images if images is not None and most <= images else most
    of = f"{many:g}" if many == images else f"at least {many:g}"
    named = ", ".join(f"{phrase[:SHOWN]!r} in {count:g} of {of}" for phrase, count in list(looks.items())[:NAMED])
    more = f" and {len(looks) - NAMED} more" if len(looks) > NAMED else ""
    what = f"by its header the captions describe what the person looks like, which then needs these words: {named}{more}"
    yield Problem(severity=_described(_describing(looks) / many), what=what, do="Take those phrases out before the next training")


def _describing(looks: Mapping[str, float]) -> float:
    """About how many captions: a caption has many tags, but of one kind (hair, eyes) one or two; sentences differ in each."""
    kinds: Counter[str] = Counter()
    for phrase, count in looks.items():
        kinds.update(dict.fromkeys({span.kind for span in find_spans(phrase)} - {"expression"}, count))
    return max(kinds.values())


def _described(share: float) -> Severity:
    """As the cause itself counts (rules/overcaptioned_appearance.py): it convicts nobody for a few captions in many."""
    if share >= APPEARANCE_SHARE:
        return DESCRIBED
    return "medium" if share >= HARDLY_ANY else "low"


def _trigger(trigger: Fact | None) -> Iterator[Problem]:
    """Medium, for it is a setting: whether the base paints something for it, a report shows."""
    judged = None if trigger is None else judge_trigger(str(trigger.value))
    if judged is not None and judged.seen:
        what = f"the base may know the trigger: {'; '.join(judged.reasons)}"
        do = f"Train the next one with a string that means nothing, such as {', '.join(judged.alternatives)}"
        yield Problem(severity="medium", what=what, do=do)


def _dataset(photos: Reading, trigger: Fact | None, training: Mapping[str, Fact]) -> Iterator[Problem]:
    bad = [photo for photo in photos.photos if photo.problem is not None]
    if not photos.readable:
        yield Problem(severity="high", what="the dataset has no readable image", do="Give the folder with the training photos")
    elif bad:
        what = f"{len(bad)} of {len(photos.photos)} images cannot be used (the first {bad[0].problem})"
        yield Problem(severity="medium", what=what, do="Replace them before the next training")
    if photos.bad_captions:
        what = f"{len(photos.bad_captions)} captions are not UTF-8 text ({photos.bad_captions[0]} first)"
        yield Problem(severity="medium", what=what, do="Save them as UTF-8")
    if photos.described:
        what = (
            f"{photos.described} of {len(photos.captions)} captions describe what the person looks like, "
            "which then needs these words"
        )
        yield Problem(severity=DESCRIBED, what=what, do="Take those phrases out before the next training")
    if trigger is not None and photos.captions and not any(holds(caption, str(trigger.value)) for caption in photos.captions):
        what = f"no caption holds the trigger {str(trigger.value)!r} ({trigger.source})"
        yield Problem(severity="medium", what=what, do="Begin every caption with it")
    told = _number(training, "images")
    if told is not None and photos.readable and told != len(photos.readable):
        what = f"the training saw {told:g} images, the dataset has {len(photos.readable)}"
        yield Problem(severity="low", what=what, do="Give the dataset as it was trained")
