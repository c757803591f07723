"""Ways of saying it: headings, appositions, inverted sentences, nouns instead of `her`, and what is left of each."""

import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

FOUND = {
    "**Subject:** A woman with green eyes. **Clothing:** She wears a red gown.": ["green eyes", "a red gown"],
    "- **Hair:** Long, wavy blonde hair. - **Setting:** A park.": ["Long, wavy blonde hair"],
    "Hair: brown, wavy. Outfit: blue suit. Background: an office.": ["brown, wavy", "blue suit"],
    "(red dress:1.2), park": ["red dress"],
    "A man sits. The man's hair is short and brown.": ["The man's hair is short and brown"],
    "A barber at work. Ink covers the barber's arms.": ["Ink covers the barber's arms"],
    "A barber and a customer. Ink covers the customer's arms.": [],
    "A dancer. Her hands, knotted by arthritis, work quickly.": ["knotted by arthritis"],
    "ohwx, hat over her face, white sand, palm shadows": ["hat over her face"],
    "A queen. Around her neck hangs a silver pendant.": ["a silver pendant"],
    "A student. Perched on his nose are round glasses.": ["round glasses"],
    "A man whose beard is long and gray sits by the fire.": ["whose beard is long and gray"],
    "The woman on the left wears a coat, while the one on the right wears a hat.": ["a coat"],
    "A man in a hall full of guests, some in hats.": [],
    "He appears to be middle-aged and of average height.": ["middle-aged", "of average height"],
    "A woman in the center of the frame.": [],
    "A man. He is in his 50s or 60s.": ["in his 50s or 60s"],
    "A boy in a wetsuit peeled down to the waist.": ["a wetsuit peeled down to the waist"],
    "At the top there is a sky.": [],
    "The older girl wears a coat. The younger one has curly hair.": ["older", "a coat"],
    "A toddler in a bath. The child is laughing.": ["laughing"],
    "ohwx and parents in their best clothes": [],
    "A woman in a coat with the collar up, facing away, so her face is not visible.": ["a coat with the collar up"],
    "A soldier in full camouflage gear.": ["full camouflage gear"],
    "A man. A gold ring gleams on his finger.": ["A gold ring"],
    "two women in saris next to an elephant": ["saris"],
    "Two men. The man in front wears a vest. The other man wears a cap.": ["a vest"],
    "ohwx on a balcony, linen robe": ["linen robe"],
    "- **Hair**: short, neatly parted - **Expression**: stern - **Setting**: a court": ["short, neatly parted", "stern"],
    "ohwx, plaster on his thumb, foam on his face": ["plaster on his thumb"],
}

LEFT = {
    "a very pretty young lady posing for a picture": "a lady posing for a picture",
    "a person that is wearing a hat and holding a sword": "a person holding a sword",
    "The boy, who has freckles and a gap between his teeth, laughs at a joke.": "The boy laughs at a joke.",
    "A man, bald and bearded, sits at a bar.": "A man sits at a bar.",
    "A man. His calloused hands grip the wheel.": "A man. His hands grip the wheel.",
    "A girl. The girl's blue eyes sparkle as she looks up.": "A girl. The girl's eyes sparkle as she looks up.",
    "A man. He wears a leather jacket, giving him a rugged look.": "A man.",
    "A man. He's got a thick mustache, and he's playing the guitar.": "A man. He's playing the guitar.",
    "A man. On his left wrist, he wears a watch.": "A man.",
    "A man. What stands out most is his red hair, which falls to his waist.": "A man.",
    "A girl. The outfit is completed by a pair of black boots.": "A girl.",
    "A man. The combination of his scruffy beard and leather jacket gives him a rugged look.": "A man.",
    "A man. The man, drenched in sweat, wears a jersey.": "A man. The man is drenched in sweat.",
    "A man lifts a bar, his chest covered in tattoos.": "A man lifts a bar.",
    "1. A woman has brown hair. 2. She wears a coat. 3. She is standing in a street.": "3. She is standing in a street.",
    "A man. He adjusts his blue tie. She waves.": "A man. He adjusts his tie. She waves.",
    "A girl. She tucks a strand of blonde hair behind her ear.": "A girl. She tucks a strand of hair behind her ear.",
    "Two girls on a swing. The girl on the left wears a coat.": "Two girls on a swing. The girl is on the left.",
    "A bride. She wears a gown that hugs her figure, with a slit up the side.": "A bride.",
    "A shot of the weathered face of an old sailor.": "A shot of the face of a sailor.",
    "A child. The child with the blond curls is hugging a dog.": "A child. The child is hugging a dog.",
    "A man. His attire, a linen shirt and khaki trousers, suggests heat.": "A man.",
    "**Appearance:** The man wears a coat. **Setting:** A harbor.": "**Setting:** A harbor.",
    "A woman whose long hair blows in the wind stands on a cliff.": "A woman stands on a cliff.",
    "A dancer whose curly hair is tied in a bun leans against a wall.": "A dancer leans against a wall.",
    "A warrior. Leather armor protects her torso, leaving her arms bare.": "A warrior.",
}


@pytest.mark.parametrize("caption", FOUND)
def test_found(caption):
    assert [span.text for span in find_spans(caption)] == FOUND[caption]


@pytest.mark.parametrize("caption", LEFT)
def test_left(caption):
    assert without_appearance(caption) == LEFT[caption]
