"""Adjectives that no list knows, told by their place: the comma of models between adjectives before clothes, hair and eyes.

With tails of garments, and with what somebody does next. Each case that fires has its like that must stay silent."""

from itertools import product

import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

ADJECTIVES = (
    "oversized, charcoal gray", "heavy, blackened", "bold, crimson", "slouchy mustard", "sheer, lilac", "worn, leather",
    "colorful, patterned", "simple, moss-green", "ornate embroidered",
)  # fmt: skip
TAILS = (
    "", " with gold filigree along the edges", " with tiny yellow ducks", " with a black stripe down the side",
    " in dark blue and silver", " in a faded floral print", " with a cartoon whale on the chest", " with glowing LED lights",
    " with geometric patterns in red and black", " trimmed with fur",
)  # fmt: skip
LEADS = ("A portrait of a woman. She wears {}", "A woman in {}", "A portrait of a woman. She's wearing {}")
DOINGS = {
    "": "woman", " and holds a lantern": "holds a lantern", ", standing in a field": "standing in a field",
    " while leaning against a wall": "leaning against a wall", " as she looks at the sea": "looks at the sea",
}  # fmt: skip
SHAPES = ("a{} sweater", "{} shorts")


def _piece(shape: str, adjectives: str, tail: str) -> str:
    article = "n" if shape.startswith("a{") and adjectives[0] in "aeiou" else ""
    return shape.format(f"{article} {adjectives}" if shape.startswith("a{") else adjectives) + tail


@pytest.mark.parametrize(("shape", "adjectives", "tail"), [*product(SHAPES, ADJECTIVES, TAILS)])
def test_pieces(shape: str, adjectives: str, tail: str) -> None:
    """Whole, between every beginning and end that models give them; what is done beside is left."""
    piece = _piece(shape, adjectives, tail)
    number = sum(map(ord, piece))
    doing, left = list(DOINGS.items())[number % len(DOINGS)]
    caption = LEADS[number % len(LEADS)].format(piece) + doing + "."
    assert [span.text for span in find_spans(caption)] == [piece]
    assert left in without_appearance(caption)


HAIRS = (
    "long, drifting seafoam-green",
    "wild, windswept auburn",
    "soft, golden",
    "straight, jet-black",
    "messy, sun-streaked, dark",
)
STYLED = ("hair", "hair tied back in a low bun", "curls", "hair streaked with gray")
EYES = ("large, shimmering golden", "sharp amber", "wide, innocent blue", "narrow, piercing green", "gentle, brown")
FACES = ("a warm, open face", "a drooping gray mustache", "a light, freckled complexion", "deep, weathered wrinkles",
         "a slim and toned body", "plump, glossy lips", "a small silver hoop in her left nostril")  # fmt: skip


@pytest.mark.parametrize(("hair", "styled", "eyes"), [*product(HAIRS, STYLED, EYES)])
def test_heads(hair: str, styled: str, eyes: str) -> None:
    """Hair, eyes and the rest in one list, each a phrase of its own."""
    face = FACES[(len(hair) + len(styled) + len(eyes)) % len(FACES)]
    wanted = [f"{hair} {styled}", f"{eyes} eyes", face]
    for caption in (
        f"She has {wanted[0]}, {wanted[1]}, and {face}.",
        f"A woman with {wanted[0]}, {wanted[1]}, and {face}, standing in a field.",
    ):
        assert [span.text for span in find_spans(caption)] == wanted


FOUND = {
    # between adjectives, in lists of a sentence
    "A boy. He has spiky orange hair, round, crooked glasses, and a splash of freckles.": [
        "spiky orange hair", "round, crooked glasses", "a splash of freckles"],
    "A man. He wears a navy blue fisherman's cap and a thick, cable-knit sweater in cream.": [
        "a navy blue fisherman's cap", "a thick, cable-knit sweater in cream"],
    "1boy, casual, blue jeans, striped, black hat": ["casual", "blue jeans", "striped", "black hat"],
    "a photo of sks with a forest and neon light, brown hair": ["brown hair"],
    "a woman at a party, red dress, black heels": ["red dress", "black heels"],
    # what goes with a garment, and what somebody does
    "A woman. She wears a red dress, complemented by a slim gold watch.": ["a red dress", "a slim gold watch"],
    "A woman. She wears a red dress, complemented by the sea behind her.": ["a red dress"],
    "A boy in a coat with two black dogs.": ["a coat"],
    'Uncle Joe, wearing a "Kiss the Cook" apron and flip-flops.': ['a "Kiss the Cook" apron', "flip-flops"],
    "A man. He wears a shirt, baggy shorts, and black slides.": ["a shirt", "baggy shorts", "black slides"],
    "A hiker. She carries a large, purple backpack.": ["a large, purple backpack"],
    "A hiker. She carries a brown bag over her shoulder.": ["a brown bag over her shoulder"],
    "A hiker. She carries a backpack in her hand.": [],
    "A woman. A silver ankh pendant hangs from a leather choker.": ["A silver ankh pendant", "a leather choker"],
    "A coat hangs from a hook. A lamp hangs from a chain.": [],
    "A man. His coveralls are unzipped, showing a gray undershirt.": ["His coveralls are unzipped", "a gray undershirt"],
    "A man showing a shirt to the camera.": [],
    "A groom. His outfit consists of an ivory sherwani and a deep red turban.": ["an ivory sherwani", "a deep red turban"],
    "A girl. Her outfit includes a dress, white socks, and red shoes.": ["a dress", "white socks", "red shoes"],
    "A girl. Her dress features lace sleeves.": ["Her dress features lace sleeves"],
    "1boy, silver hair, knight in shining armor riding a horse": ["silver hair", "shining armor"],
    # clauses
    "A woman. Her hair is blonde and is tied up in a high ponytail.": ["Her hair is blonde and is tied up in a high ponytail"],
    "A queen. Her hair is long and black and falls over her shoulders.": [
        "Her hair is long and black and falls over her shoulders"],
    "A woman. Her hair is long, black, and wavy, and she holds a cup.": ["Her hair is long, black, and wavy"],
    "A woman. Her hair is long and she is looking at the sea.": ["Her hair is long"],
    "A chef. He wears a jacket, and both forearms are covered with tattoos of knives.": [
        "a jacket", "both forearms are covered with tattoos of knives"],
    "A chef. Both hands are resting on the table. Both arms are raised.": [],
    "A man. His arms are covered in tattoos, including a raven, a clock, and some script.": [
        "His arms are covered in tattoos, including a raven, a clock, and some script"],
    "A cosplayer. A black pattern has been painted under her left eye.": ["A black pattern has been painted under her left eye"],
    "A girl. She is about three years old.": ["about three years old"],
    "A cellar. A man holds a three years old wine.": [],
    "A woman. Her expression is calm and absorbed as she reads.": ["Her expression is calm and absorbed"],
    "A girl. She is laughing with her mouth wide open.": ["laughing with her mouth wide open"],
    # no looks
    "A smith. He is striking a piece of metal.": [],
    "A woman. She is striking in a red dress.": ["striking", "a red dress"],
    "She holds a bouquet of blush peonies.": [],
    "A woman with a blush on her cheeks.": ["a blush on her cheeks"],
    "A woman applying powder with a large puff.": [],
    "White walls lend the room a sterile, professional appearance.": [],
    "A woman. She has a youthful appearance.": ["a youthful appearance"],
    "A groom having his boutonniere adjusted by a friend.": [],
    "A woman. The flash creates bright highlights and a crisp look.": [],
    "A woman. She has brown hair with bright highlights.": ["brown hair with bright highlights"],
    "He is hunched over the handlebars of a bike.": [],
    "A bride stands on a beach. The sky is pink, and small waves can be seen.": [],
    "A woman on the beach with blonde waves.": ["blonde waves"],
    "A player. His arms are flung wide.": [],
    "A player. His chin is pressed against the violin and his cheeks are puffed out.": [],
    "A mechanic. Her hands and forearms are streaked with grease.": [],
    "A baker with a tray of golden buns.": [],
    # tags, and sentences about the same one
    "sks man, solo, beard, library, a middle-aged man is standing on a ladder": ["beard", "middle-aged"],
    "ohwx woman, market stall, fabrics, an old woman in a purple shawl behind the counter": [],
    "zxcv woman, older woman with a grey chignon and pearl studs, loft": ["older", "a grey chignon", "pearl studs"],
    "sks man, beach, young man in a red coat in the background": [],
    "a female tennis player wearing a white skirt and a visor swings a racket": ["a white skirt", "a visor"],
}  # fmt: skip


@pytest.mark.parametrize("caption", FOUND)
def test_found(caption: str) -> None:
    """What fires beside its like that does not."""
    assert [span.text for span in find_spans(caption)] == FOUND[caption]
