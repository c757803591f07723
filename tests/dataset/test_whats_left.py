"""What stays of a sentence that a description was a part of: `fires` and, close by, what must stay as it is."""

import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

LEFT = {
    # a clause of `whose` has its own verb
    "A man whose beard reaches his chest sits at a desk.": "A man sits at a desk.",
    "A boy whose cap hides his eyes runs across the street.": "A boy runs across the street.",
    "A girl whose hair falls to her waist is reading a book.": "A girl is reading a book.",
    # two of them, and a verb without an ending
    "Two girls, one with red hair and the other with braids, run along the beach.": "Two girls run along the beach.",
    "A man, bald and bearded, waves at the camera.": "A man waves at the camera.",
    # pieces that something else than `and` joins
    "A man. He is wearing full turnout gear, including a tan jacket and a black helmet.": "A man.",
    "A girl. She wears a robe with wide sleeves, cinched at the waist with a leather belt.": "A girl.",
    "A model. She wears a sheer top, paired with leather trousers, and poses by a door.": "A model. She poses by a door.",
    "A man. He has on a suit, a hat tilted to one side, and a ring on his finger.": "A man.",
    "A cook. She always wears that flowery apron.": "A cook.",
    "A man. He wears nothing but a towel.": "A man.",
    "A girl. There's a small scar above her eyebrow.": "A girl.",
    "He's dressed in rain boots and a matching slicker. He splashes.": "He splashes.",
    # a clause after a list is no piece of it
    "He's clad in a denim jacket over a hoodie, and his lined face carries a smirk.": "His face carries a smirk.",
    "He is clad in a jacket, and his dog runs ahead.": "His dog runs ahead.",
    "a woman with brown hair and her arms crossed": "a woman with her arms crossed",
    # what light and wind do
    "A tall man gives a speech, his shaved head gleaming under the lights.": "A man gives a speech.",
    "Soft light accentuates her high cheekbones, casting shadows on the wall.":
        "Soft light accentuates her cheekbones, casting shadows on the wall.",
    "A woman. The sunlight catches the folds of her shawl.": "A woman.",
    "A girl. The lamp highlights her cheekbones and the texture of her sweater.": "A girl. The lamp highlights her cheekbones.",
    "A man. The light reflects off his glasses.": "A man.",
    "A man. His face is partially hidden by the brim of his hat.": "A man. His face is partially hidden.",
    "A woman. Her face is framed by soft curls and lit by candlelight.": "A woman. Her face is lit by candlelight.",
    # hands
    "She pulls her red hood over her head.": "She pulls her hood over her head.",
    "He holds a microphone in his tattooed hand.": "He holds a microphone in his hand.",
    "His left hand rests on the hilt of the sword at his belt.": "His left hand rests on the hilt of the sword.",
    # what is said beside it
    "A man. He has a beard and is wearing jeans while standing next to a tractor.": "A man. He is standing next to a tractor.",
    "A woman. She wears a cotton dress, its hem damp with seawater, and carries a pail.": "A woman. She carries a pail.",
    "A woman. She has a tattoo, which is visible as she turns away.": "A woman. She turns away.",
    "He is a tall man, and he is holding a ball.": "He is holding a ball.",
    "The girl on the left has blonde hair, the girl on the right has brown hair.":
        "A girl is on the left, the girl on the right has brown hair.",
    "A group sits around a fire; the one in the middle wears a beanie and plays the guitar.":
        "A group sits around a fire; the one in the middle plays the guitar.",
    "A woman in her 30s with a warm smile, wearing an apron, hands a cup to a customer.":
        "A woman with a warm smile hands a cup to a customer.",
    "An elderly woman, wrinkled and smiling, knits in a chair.": "A woman, smiling, knits in a chair.",
    "A woman, mid-laugh, throws her head back, her long earrings swinging.": "A woman, mid-laugh, throws her head back.",
    "a selfie of ohwx man and his friend, ohwx has a mustache, his friend has a mohawk":
        "a selfie of ohwx man and his friend, his friend has a mohawk",
    # whose verb it is
    "A little girl in pigtails blows out the candles.": "A girl blows out the candles.",
    "Two sisters. The older one wears glasses; she is cracking an egg.": "Two sisters. The older one is cracking an egg.",
    "They are dressed in pajamas and are opening presents.": "They are opening presents.",
    "The fisherman, his beard crusted with ice, hauls a net over the side.": "The fisherman hauls a net over the side.",
    "The chef, a stout man with a mustache, tosses a pizza into the air.": "The chef tosses a pizza into the air.",
    "A man. He wears a tool belt, from which a hammer hangs, and he is looking up.": "A man. He is looking up.",
    "A robot woman. Her left arm is entirely mechanical, with exposed wires.": "A robot woman.",
    "A woman, sticking her tongue out, wearing a hoodie, sits in a chair.": "A woman, sticking her tongue out, sits in a chair.",
    "ohwx with a bandage around his head, giving a thumbs up": "ohwx giving a thumbs up",
    "photo of my grandfather in his uniform, so skinny, on a railing": "photo of my grandfather on a railing",
    # loose pieces, with how they are worn
    "ohwx skiing, goggles up on her helmet, powder spraying": "ohwx skiing, powder spraying",
    "Dev on the bus, hood up, earbuds in, forehead against the window.": "Dev on the bus, forehead against the window.",
    "Kata at the class with her hair in a bandana, apron full of clay.": "Kata at the class.",
    "ohwx at the barber, half his beard shaved off, laughing": "ohwx at the barber, laughing",
    "I'm on the right, soaking wet hair, thumbs up.": "I'm on the right, thumbs up.",
    "ohwx in a red dress, parked car behind her": "ohwx, parked car behind her",
    "A photo of a plump, cheerful baker behind a counter.": "A photo of a cheerful baker behind a counter.",
    "A fencer lunges. Both are in uniforms with masks, so neither face can be seen.": "A fencer lunges.",
    # what depends on a noun that goes, and what stands beside it
    "A girl laughs on a trampoline, her ponytail flying up behind her.": "A girl laughs on a trampoline.",
    "A man stands on a cliff, his long coat flapping in the wind.": "A man stands on a cliff.",
    "a boy in a baseball uniform swinging a bat at a ball": "a boy swinging a bat at a ball",
    "a girl with pigtails blowing soap bubbles": "a girl blowing soap bubbles",
    "Lily at school, new shoes a size too big, not sure about it": "Lily at school, not sure about it",
    "Leo in the bath, chubby arms in the air, huge grin": "Leo in the bath, huge grin",
    "my wife in her gran's old wedding dress, laughing": "my wife laughing",
    "A boy. He's in a hoodie, with a red backpack lying next to him. He grins.": "A boy. He grins.",
    "A fisherman. He wears a coat, patched at the elbows, and a knitted cap. Seagulls cry.": "A fisherman. Seagulls cry.",
    "A samurai. He wears a helmet and a mask covering half of his face. It snows.": "A samurai. It snows.",
    "A girl smiles. Her hair is long and it is blowing in the wind.": "A girl smiles.",
    "A girl dances. Her white dress, which reaches her calves, moves in the breeze.": "A girl dances.",
    "With a hat shading her face and a basket on her arm, the woman walks.": "With a basket on her arm, the woman walks.",
    "woman with backpack and hiking poles walking up a trail": "woman with hiking poles walking up a trail",
    "A drawing of a boy with heterochromatic eyes, one blue and one amber. He waves.": "A drawing of a boy. He waves.",
    # a verb is told from a plural
    "Dad at the barbecue, apron that says Chef, tongs in hand": "Dad at the barbecue, tongs in hand",
    # a sentence that lost its verb goes, its subject stays
    "The woman is dressed in Korean clothing: a pink jeogori and a blue skirt. She waves.": "The woman waves.",
    "Ohwx has dark hair. He is sitting on the floor.": "Ohwx is sitting on the floor.",
    "A couple. The woman, on the left, has black hair and wears a cardigan. She waves.":
        "A couple. The woman is on the left. She waves.",
    # a noun that is a look still has to be somebody
    "A redhead in a leather jacket smokes outside a bar.": "A person smokes outside a bar.",
    "A teenager in a hoodie skates down the street.": "A person skates down the street.",
}  # fmt: skip
FOUND = {
    "A woman. She wears her reading glasses on a chain.": ["her reading glasses on a chain"],
    "A dress on a hanger.": [],
    "Dad on the sofa, his beard going grey.": ["his beard going grey"],
    "Nurse on the steps, hair coming out of its bun.": ["hair coming out of its bun"],
    "ohwx coming out of the shower": [],
    "Lena in the street. Red coat, white trainers soaked through.": ["Red coat", "white trainers soaked through"],
    "A girl. A golden circlet set with a blue gem rests on her forehead.": ["A golden circlet set with a blue gem"],
    "A woman in a dress that is black on one side and red on the other.": [
        "a dress that is black on one side and red on the other"
    ],
    "My brother. He's 19 here.": ["19"],
    "My brother. He's 19 miles from home.": [],
    "A boy of about ten holds a kite.": ["about ten"],
    "A man. He has a gentle, toothless smile.": ["a gentle, toothless smile"],
    "There is a pen tucked behind her ear.": ["a pen tucked behind her ear"],
    "The backlight creates a halo around her head.": [],
    "A woman, her hair wet and slicked back, emerges from the pool.": ["her hair wet and slicked back"],
    "A man. His mouth is slightly open.": ["His mouth is slightly open"],
    "A girl holds flowers that match her yellow dress.": ["her yellow dress"],
    "The person on the left is a man. The person in the middle is a woman in a coat.": [],
    "Two wrestlers. The wrestler on top wears a singlet. The wrestler beneath him wears trunks.": ["a singlet"],
    "The woman by her car wears a coat.": ["a coat"],
    'A woman in a top with the words "LA VIDA" printed on it.': ['a top with the words "LA VIDA" printed on it'],
    "He wears a red cap backwards.": ["a red cap backwards"],
    "Around his neck hangs a large, ornate golden pendant.": ["a large, ornate golden pendant"],
    "A ranger. A battered hat shades his eyes.": ["A battered hat"],
    "She is wearing a skirt and stacks of bracelets on both wrists.": ["a skirt", "stacks of bracelets on both wrists"],
    "A woman with long box braids with gold beads.": ["long box braids with gold beads"],
    "A man asleep, jacket used as a blanket.": ["jacket used as a blanket"],
    "The table is crowded with hats.": [],
    "Jonas, 8, with a fish.": ["8"],
    "A man with hair parted like a film star, on a pier.": ["hair parted like a film star"],
    "A girl with a pencil behind her ear.": ["a pencil behind her ear"],
    "A woman. She has a medium build.": ["a medium build"],
    "A man. His mouth is open.": ["His mouth is open"],
    "A chef with a small star tattoo behind her ear.": ["a small star tattoo behind her ear"],
    "A man with close-cropped hair graying at the temples.": ["close-cropped hair graying at the temples"],
    "A man with a scar that crosses his lip.": ["a scar that crosses his lip"],
    "An orc with war paint smeared across his chest and arms.": ["war paint smeared across his chest and arms"],
    'A girl in a sweatshirt with "BROOKLYN" written across the front.': ['a sweatshirt with "BROOKLYN" written across the front'],
    "A woman with brown hair styled in loose beach waves.": ["brown hair styled in loose beach waves"],
    "A man. A silver ring pierces his left eyebrow.": ["A silver ring"],
    "A road with hairpin bends.": [],
    "A man. He is wearing a hoodie, black joggers, and a baseball cap.": ["a hoodie", "black joggers", "a baseball cap"],
    "A boy. He wears baggy pants, a shirt, and scuffed Vans.": ["baggy pants", "a shirt", "scuffed Vans"],
    "A girl. She wears a hat, a coat, and a smile.": ["a hat", "a coat", "a smile"],
    "ohwx woman at the beach, wet hair": ["wet hair"],
    "A gymnast with chalk on her hands and her hair in a bun stares at the bar.": ["her hair in a bun"],
    "A woman with her hair in a towel is at the mirror.": ["her hair in a towel"],
}


@pytest.mark.parametrize("caption", LEFT)
def test_left(caption):
    assert without_appearance(caption) == LEFT[caption]


@pytest.mark.parametrize("caption", ["skuy a woman with blue eyes", "photo of skuy, a woman with blue eyes"])
def test_a_noun_beside_the_trigger_is_the_character(caption):
    assert [span.text for span in find_spans(caption, "skuy")] == ["blue eyes"]


@pytest.mark.parametrize("caption", FOUND)
def test_found(caption):
    assert [span.text for span in find_spans(caption)] == FOUND[caption]
