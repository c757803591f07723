"""Nothing told the LoRA that other people are other people."""

from __future__ import annotations

from fluxdiag.records import Change, Evidence, Match
from fluxdiag.registry import Account, rule
from fluxdiag.rules import lines
from fluxdiag.rules.remedy import change
from fluxdiag.rules.signs import above, cites, lacking, strength_of, texts

LEAD = "No regularisation pictures were used, so the face bleeds into other people."
UNCOUNTED = "Regularisation pictures were used, though nobody says how many; if the face bleeds, they are not the reason."
TO = "100-200 pictures of ordinary people of about the same sex and age, captioned plainly and without the trigger"


def _pictures(evidence: Evidence, direction: str | None) -> tuple[Change, ...]:
    because = "they keep the class word from turning into the person"
    return (change("regularisation_images", now="none", to=TO, because=because),)


@rule(
    cause="missing-regularisation",
    title="No regularisation pictures",
    severity="medium",
    account=Account({None: LEAD}, _pictures),
)
def judge(evidence: Evidence) -> Match:
    """The LoRA was trained on one person only, so it paints that person for the class word too.

    What it means: `a woman` without the trigger shows the person as well. The LoRA cannot be used beside other people, and
    the trigger seems to matter less than it should.

    Why it happens: Every training picture of a woman was the same woman. Nothing in training told the model that the class
    word keeps its old meaning. Regularisation pictures, ordinary people under plain captions, do that.

    How we tell: The same prompts with the bare class word are painted with the LoRA on and off. When the person clearly
    appears with it on, and the settings say that no regularisation pictures were used, the cause is present.

    What else looks like this: Far too many steps or a high rank bleed too, also with regularisation pictures. Some bleed on
    FLUX.1 is usual, so its size counts, not whether it is there.
    """
    leaks = above(evidence, "bleed.class", lines.bleed(evidence), "The face comes without the trigger")
    others = above(evidence, "bleed.same-sex", lines.bleed(evidence), "Other people of the same sex take on the face")
    used = evidence.get("setting.regularisation-images")
    if leaks.refuted and not others:
        because = ("The person does not come without being called.", leaks.text)
        return Match(status="absent", because=because, cites=cites(evidence, leaks))
    if used is not None and used.value > 0:
        kept = f"{used.value:.0f} regularisation pictures were used; if the face bleeds, they are not the reason."
        return Match(status="absent", because=(kept,), cites=("setting.regularisation-images",))
    if used is None and evidence.beside_others:
        return Match(status="absent", because=(UNCOUNTED,), cites=cites(evidence, leaks, others))
    clear = tuple(filter(bool, (leaks, others)))
    if clear and used is not None:
        return Match(
            status="present",
            strength=strength_of(clear),
            because=(LEAD, *texts(*clear)),
            cites=("setting.regularisation-images", *cites(evidence, *clear)),
            changes=_pictures(evidence, None),
        )
    missing = evidence.why_missing("setting.regularisation-images")
    heard = ("The signs do not decide.", *texts(leaks, others), *((f"not known: {missing}",) if missing else ()))
    unread = () if used is not None else ("setting.regularisation-images",)
    return Match(
        status="unknown",
        because=heard,
        cites=cites(evidence, leaks, others),
        lacking=(*lacking(leaks), *unread),
        why_open="missing" if others.missing else None,
    )
