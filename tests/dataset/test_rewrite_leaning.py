"""Clauses that lean on a description and cannot stand without it: each with its like that must stay."""

import pytest

from fluxdiag.dataset.rewriting.rewrite import without_appearance

LEANS = {
    # fixed to it, hidden by it, hanging from it
    "She waves. She is draped in tulle, and her feet are laced into silver boots.": "She waves.",
    "A man waves. He has a long beard, and his eyes are hidden behind round sunglasses.": "A man waves.",
    "A lamp is fixed to his leather helmet, and a rope lies at his feet.": "A rope lies at his feet.",
    "A lamp is fixed to the wall, and he wears a helmet.": "A lamp is fixed to the wall.",
    "The screen lights his face and is mirrored in his round glasses.": "The screen lights his face.",
    "The screen lights his face and is mirrored in the window.": "The screen lights his face and is mirrored in the window.",
    "A woman walks; straps dangle from her cargo trousers.": "A woman walks.",
    "A dog waits. Snow has settled on the brim of his hat.": "A dog waits.",
    "A man in a hat. Snow has settled on the brim of the fountain.": "A man. Snow has settled on the brim of the fountain.",
    "The brass buttons on his coat gleam in the lamplight, and he salutes.": "He salutes.",
    "A baker buttons up his white coat.": "A baker buttons up his coat.",
    # half a comparison, half a list
    "A man sits by a blue door. The blue of the door contrasts with the brown tones of his clothing.":
        "A man sits by a blue door.",
    "The composition emphasizes the delicate colors of her outfit and the beauty of the season.":
        "The composition emphasizes the beauty of the season.",
    "He's a man with a gap between his teeth, grease on his knuckles, and a pair of glasses.":
        "He's a man with grease on his knuckles.",
    "A woman with olive skin, an old camera and a dyed bob looks down.": "A woman with an old camera looks down.",
    "A woman with one hand on her hat and the other on a rope.": "A woman with one hand on a rope.",
    # a relative clause after its preposition
    "She has one hand on her belly, over which a ribbed dress is stretched tight, and a paperback in the other.":
        "She has one hand on her belly and a paperback in the other.",
    "He stands by a fence, on which his denim jacket hangs, and smokes.": "He stands by a fence and smokes.",
    "He stands by a fence, on which a cat sits, and smokes.": "He stands by a fence, on which a cat sits, and smokes.",
    "Her linen dress is belted with a cord, from which a pouch hangs, and her feet leave prints in the sand.":
        "Her feet leave prints in the sand.",
    # what the wearer has clamped, what belongs to a participle
    "Clamped in his right eye is a black jeweller's loupe, and the other eye is screwed shut.": "The other eye is screwed shut.",
    "A man reads. His hair is held back by a bandana.": "A man reads.",
    "A woman wears eye shadow to match the uniform and pours coffee.": "A woman pours coffee.",
    "A man waves. He's bundled in a ski jacket, with a lift pass dangling from the sleeve.": "A man waves.",
    "A man in a ski jacket, with a lift pass dangling from his hand.": "A man with a lift pass dangling from his hand.",
    # tags are no clauses
    "ohwx woman, ankle boots, overcast, film grain. She's looking back.": "ohwx woman, overcast, film grain. She's looking back.",
}  # fmt: skip
FEET = {
    "He leans on the truck, one muddy boot propped on the bumper.": "He leans on the truck, one foot propped on the bumper.",
    "A girl is caught at the instant her heel meets a wooden board.":
        "A girl is caught at the instant her heel meets a wooden board.",
    "A man asleep. A briefcase is clamped between his polished shoes.": "A man asleep. A briefcase is clamped between his feet.",
    "A woman in high heels waits.": "A woman waits.",
    "From one window a thin arm reaches out and lets a handkerchief fall.":
        "From one window an arm reaches out and lets a handkerchief fall.",
}  # fmt: skip


@pytest.mark.parametrize(("caption", "left"), {**LEANS, **FEET}.items())
def test_no_clause_is_left_leaning_on_what_went(caption: str, left: str) -> None:
    assert without_appearance(caption) == left
