"""What people write of their own photos, in parts without a verb, and whose looks are another's; each with its like."""

from __future__ import annotations

import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

FOUND = {
    "Kenji on the night shift, moustache he refuses to shave, crane behind": ["moustache he refuses to shave"],
    "Kenji on the night shift, the hat he is holding was a gift": [],
    "Bea at Halloween, bat costume mum sewed, pumpkin in the window": ["bat costume mum sewed"],
    "Dan, hair like a bird's nest, still asleep": ["hair like a bird's nest"],
    "Dan, hands like a pianist, at the keys": [],
    "Yusuf in the nets. skinny as a rake, bat in hand": ["skinny as a rake"],
    "Yusuf in the nets. quiet as a mouse, bat in hand": [],
    "Oisín. hair gelled flat by his nan, church behind": ["hair gelled flat by his nan"],
    "selfie, way too much eyeliner, bathroom mirror": ["way too much eyeliner"],
    "selfie, way too much coffee, bathroom mirror": [],
    "a man in a pub, bowling shirt with flames, green dartboard": ["bowling shirt with flames"],
    "Tom and dad, beard longer than usual, thumbs up": ["beard longer than usual"],
    "grandpa's 80th, suit and bow tie, cutting the cake": ["suit", "bow tie"],
    "grandpa's 80th, bread and butter, cutting the cake": [],
    "8 months gone and still on the allotment": ["8 months gone"],
    "8 months ago on the allotment": [],
    "a photo of a man, twenty-five, green eyes, gym": ["twenty-five", "green eyes"],
    "a photo of a man, twenty-five candles, gym": [],
    "Lena & the new pup, car park. Dungarees, muddy wellies": ["Dungarees", "muddy wellies"],
    "Tom at the pool, lifeguard in yellow shorts in the back": [],
    "ohwx man on a bike, woman in red dress in background": [],
    "A welder at work. There are other workers in yellow vests.": [],
    "A man plays a trumpet. There are three musicians behind him, all wearing white suits.": [],
    "The dentist is a woman with black hair. The patient is a man with a beard.": ["black hair"],
    "The image shows a ballet dancer. The dancer is wearing a white tutu.": ["a white tutu"],
    "A girl sits on a swing. 1girl, blonde hair, braid": ["blonde hair", "braid"],
    "She poses. Behind her, a guitarist in a black shirt plays.": [],
    "a man leaning on a red car with the hood open": [],
    "A woman kneels beside a horse, wrapping a white bandage around its leg.": [],
    "A man sits on a bucket, carving a wooden mask.": [],
    "She lies on a blanket, her head resting on a folded jacket.": [],
    "A candle burns in a jar, and a brown coat hangs on the hook by the door.": [],
    "She wears a sleeveless, gray top, a leather arm guard, and dark green leggings.": [
        "a sleeveless, gray top",
        "a leather arm guard",
        "dark green leggings",
    ],
    "He wears loose, olive-green pants, a harness with carabiners, and a red chalk bag.": [
        "loose, olive-green pants",
        "a harness with carabiners",
        "a red chalk bag",
    ],
    "She is dressed for a warm day in a T-shirt and cut-off denim shorts.": ["a T-shirt", "cut-off denim shorts"],
    "A man dressed as Santa sitting in a chair.": [],
    "He wears a suit of red and black lacquered armor, wide, black hakama trousers, and sandals.": [
        "a suit of red and black lacquered armor",
        "wide, black hakama trousers",
        "sandals",
    ],
    "She is wrapped in a thick, forest-green wool blanket.": ["a thick, forest-green wool blanket"],
    "He wears a T-shirt with a graphic of a flaming skull and baggy jeans.": [
        "a T-shirt with a graphic of a flaming skull",
        "baggy jeans",
    ],
    "She wears a conical straw hat held by a ribbon under her chin and sandals.": [
        "a conical straw hat held by a ribbon under her chin",
        "sandals",
    ],
    "She wears a crown of coral and bone.": ["a crown of coral and bone"],
    "The woman wears a crown of roses and leans on a wall.": ["a crown of roses"],
    "A rider in a show jacket and white breeches jumps a fence.": ["a show jacket", "white breeches"],
    "He wears a black wetsuit, peeled down to the waist, and boots.": ["a black wetsuit, peeled down to the waist", "boots"],
    "A man plays. A black compression sleeve covers his arm.": ["A black compression sleeve"],
    "A man sits. His tan coat hangs open over a navy shirt.": ["His tan coat", "a navy shirt"],
    "A man sits. Red suspenders hold up his bunker pants.": ["Red suspenders", "his bunker pants"],
    "The top half of her orange jumpsuit is tied around her waist, revealing a grey tank top.": [
        "The top half of her orange jumpsuit is tied around her waist",
        "a grey tank top",
    ],
    "An apron that is far too big for her covers her striped pajamas.": [
        "An apron that is far too big for her",
        "her striped pajamas",
    ],
    "An officer stands by a car. A radio is attached to his shoulder.": ["A radio is attached to his shoulder"],
    "A poster is pinned to the wall behind her.": [],
    "A plumed helmet lies tucked under his left arm.": ["A plumed helmet lies tucked under his left arm"],
    "A book lies tucked under his left arm.": [],
    "A woman sits. A paper cup is wedged between her knees.": [],
    "Several silver rings line both of her ears.": ["Several silver rings"],
    "Tall trees line both sides of her path.": [],
    "Apart from a string of wooden beads around his neck, he wears nothing.": ["a string of wooden beads around his neck"],
    "A string of lights hangs around the window.": [],
    "A mechanic at work. A red rag hangs from his back pocket.": ["A red rag"],
    "A mechanic at work. A lantern hangs from his hand.": [],
    "A mechanic at work. Grease is smeared across her forearms.": [],
    "A surfer. White foam swirls around his ankles.": [],
    "He holds a pocket watch in his palm.": [],
    "She stands on the beach, crowded with umbrellas and towels.": [],
    "anime girl with a sailor uniform holding a milkshake": ["a sailor uniform"],
}
LEFT = {
    "Her hands are folded and she has long black hair.": "Her hands are folded.",
    "The girl's hair is braided as she kneels in the garden.": "The girl kneels in the garden.",
    "Perched on his head is a straw hat, and in his hand he holds a rod.": "In his hand he holds a rod.",
    "Although her clothes are simple - a shirt, jeans - the woman commands attention.": "The woman commands attention.",
    "Photo of Marco - black hoodie, white Nikes - leaning on his car": "Photo of Marco leaning on his car",
    "mrv_girl | studio | bandana | dimples | wheel": "mrv_girl | studio | wheel",
    "Bea, pumpkin bucket hat (she wanted to be a bat), laughing": "Bea, (she wanted to be a bat), laughing",
    "Dad (bald, always the same blue jumper) feeding the hens": "Dad feeding the hens",
    "me at work!! scrubs and crocs, end of a long shift": "me at work!! end of a long shift",
    "uncle Reza 2016: good suit, dyed moustache. cousins fighting": "uncle Reza 2016. cousins fighting",
    "Outfit: good suit, red tie. A park.": "A park.",
    "He wears a cap, and water streams off the roof.": "Water streams off the roof.",
    "I'm wearing a dirndl and I'm holding two mugs.": "I'm holding two mugs.",
    "They are all wearing jackets and carrying maps.": "They are carrying maps.",
    "A samurai. His topknot is neat, and his face betrays no emotion.": "A samurai. His face betrays no emotion.",
    "Both hands rest on her round belly, and a flower crown sits on her long hair.": "Both hands rest on her belly.",
    "A man with a tattoo on his left arm is reading a book.": "A man is reading a book.",
}


@pytest.mark.parametrize("caption", FOUND)
def test_found(caption: str) -> None:
    assert [span.text for span in find_spans(caption) if span.kind != "expression"] == FOUND[caption]


@pytest.mark.parametrize("caption", LEFT)
def test_left(caption: str) -> None:
    assert without_appearance(caption) == LEFT[caption]
