"""What a dropped description leaves behind, and what goes with it though it is no look: each with its like that must stay."""

import pytest

from fluxdiag.dataset.rewriting.rewrite import without_appearance

LEFT = {
    # what the caption itself ended with is no loose end
    "He's sitting on the dock, jeans rolled up, watching the boats go by.": "He's sitting on the dock, watching the boats go by.",
    "A girl in a red coat shows the friend she came with.": "A girl shows the friend she came with.",
    "She smiles, showing a gap between her teeth.": "She smiles.",
    # a short sentence that says where or how somebody looks
    "A woman jogging. She wears a pink top with earphones in her ears, and looks straight ahead.":
        "A woman jogging. She looks straight ahead.",
    "A smith. Safety glasses are pushed up on her forehead, and she looks deeply concentrated.":
        "A smith. She looks deeply concentrated.",
    # `but` and `yet` whose other half went
    "A man. His chin is unshaven, yet his expression is tender.": "A man. His expression is tender.",
    "A woman. She has freckles, yet she looks tired.": "A woman. She looks tired.",
    "A man waits. But he looks relaxed in his blue coat.": "A man waits. But he looks relaxed.",
    "The man's age is hard to tell, but he has gray hair.": "The man's age is hard to tell.",
    # what a mark does on the body, and what somebody does
    "A man. He is clad in armor, his grey topknot tied tightly and a long scar crossing his cheek.": "A man.",
    "A man with a tattoo crossing his arms.": "A man crossing his arms.",
    "A boy with red hair brushing his teeth.": "A boy brushing his teeth.",
    # what hangs from a garment is worn, too
    "A shepherd. He is dressed in a cloak and has a wooden flute hanging from his belt.": "A shepherd.",
    "A girl with a wooden sword tucked into her belt runs.": "A girl runs.",
    "A man. He sports a suit, and a silver pocket watch chain loops across his vest.": "A man.",
    "He has a towel draped over his shoulder and a dog at his side.": "He has a dog at his side.",
    "He carries a spear with feathers hanging from it.": "He carries a spear with feathers hanging from it.",
    "A monk with a rosary hanging from his belt walks past a gate with bells hanging from it.":
        "A monk walks past a gate with bells hanging from it.",
    "There is a lantern hanging from his belt and a dog at his feet.": "There is a dog at his feet.",
    "There is a hat on his head, and a dog sits beside him.": "A dog sits beside him.",
    # what is said of a garment that went
    "What stands out is the scar on his cheek, but he seems friendly.": "He seems friendly.",
    "A climber. The rest of the outfit consists of gray pants and a top that reveals a strong, sinewy back.": "A climber.",
    "A witch. Her outfit consists of a purple robe with silver, star-shaped embroidery and a wide belt.": "A witch.",
    "A diver. The spacesuit is white, and its mirrored visor hides the face.": "A diver.",
    "A chair. The car is white, and its mirrors are broken.": "A chair. The car is white, and its mirrors are broken.",
    "A woman. Her gray hair is cropped short. It gives her a stern look. She waves.": "A woman. She waves.",
    "A lamp is lit. It gives the room a warm glow, and a man in a suit reads.":
        "A lamp is lit. It gives the room a warm glow, and a man reads.",
    "She wears a sweater that has slipped off one shoulder and reads a book.": "She reads a book.",
    "She waves. She wears a cape that covers her arms and keeps her warm.": "She waves.",
    "What draws the eye is the dancer's crimson skirt, which swirls as she spins. A man plays.": "A man plays.",
    # a verb without an ending is that of a plural
    "A vendor. Her boots are muddy, and henna patterns decorate her fingertips.": "A vendor.",
    # looks that say nothing without their colour, and parts that do something
    "He looks up. His green eyes stand out against his pale skin, and he wears a T-shirt.": "He looks up.",
    "Her head is tilted down, and her curly black hair partly hides her face.": "Her head is tilted down.",
    "His green eyes look at us.": "His eyes look at us.",
    "Thick, calloused fingers work the twine.": "Fingers work the twine.",
    "A detective. Stripes of light fall across his lined face.": "A detective. Stripes of light fall across his face.",
    "A girl. Only her hazel eyes are visible, and they are directed at a screen.":
        "A girl. Her eyes are directed at a screen.",
    "Two women wave. Their eyes are blue and they look at us.": "Two women wave. They look at us.",
    "Her gloved hand reaches for the rope.": "Her hand reaches for the rope.",
    "Her long legs reach her chin. She waves.": "She waves.",
    "a toddler wearing only a diaper reaching for a red balloon": "a toddler reaching for a red balloon",
    "a woman in a dress reaching to the floor": "a woman",
    "a woman in a skirt reaching her knees": "a woman",
    "His hand, shielded by a leather glove, grips the rope.": "His hand grips the rope.",
    "A mermaid. A string of shells hangs around her neck, and two dolphins leap out of the water behind her.":
        "A mermaid. Two dolphins leap out of the water behind her.",
    "He is bending over a green truck, and a red rag hangs from his back pocket, tool wall":
        "He is bending over a green truck, tool wall",
    "Her bare shoulders shake with laughter.": "Her shoulders shake with laughter.",
    "She waves. Her bare shoulders are tanned.": "She waves.",
    # two subjects of one verb
    "His weathered face and the calm sea tell of a long life.": "His face and the calm sea tell of a long life.",
    "A girl waves. Her hair and her red dress create a striking look.": "A girl waves.",
    "Her calm gaze and red dress create a striking look.": "Her calm gaze creates a striking look.",
    "His bearded face and the old wall are lit by the fire.": "His face and the old wall are lit by the fire.",
    # where somebody wore it to
    "that time Phil wore a tie to the beach": "that time Phil was at the beach",
    "She waves. She wore her hair to the side.": "She waves.",
    # a second clause stays
    "A pair of headphones hangs around his neck, and a laptop covered in stickers sits open in front of him.":
        "A laptop covered in stickers sits open in front of him.",
    'A man grills. He wears an apron over a yellow shirt, and a pair of tongs is in his right hand.':
        "A man grills. A pair of tongs is in his right hand.",
    "She smiles, revealing a gap between her teeth, and lifts a cup.": "She smiles and lifts a cup.",
    "The lighting brings out the texture of her sweater and the warmth of her smile.":
        "The lighting brings out the warmth of her smile.",
    "The glow of the screen lights up her round face and reflects in her glasses.":
        "The glow of the screen lights up her face.",
    "A runner. Sweat drips from his brow, soaking his gray T-shirt, as he pushes on.": "A runner. He pushes on.",
    "He has the hood of his sweatshirt pulled up and his hands shoved deep in his pockets.":
        "He has his hands shoved deep in his pockets.",
    # a lone phrase is no sentence, unless it was one
    "A woman walks. With every step, her earrings sway and her bracelets jingle.": "A woman walks.",
    "A woman in a red dress. With a dog. On a street.": "A woman. With a dog. On a street.",
    "Dressed in black from head to toe, the burglar climbs in.": "The burglar climbs in.",
    "A tall woman in heels, she towers over the man.": "A woman towers over the man.",
    # commas
    "The cowboy tips his hat to the lady, his spurs jingling as he walks.": "The cowboy tips his hat to the lady as he walks.",
    "my uncle watering his dahlias in a straw hat, as he does every evening":
        "my uncle watering his dahlias, as he does every evening",
    "A fencer lunges, foil extended, his white uniform gleaming under the lights; the other steps back.":
        "A fencer lunges, foil extended; the other steps back.",
    # beside him or her there is something else
    "His helmet reflects the sky, and behind him the mountains glow pink.": "Behind him the mountains glow pink.",
    "Her hair falls down her back and around her shoulders.": "",
    "The sunlight dapples her white dress as she reads a book.": "She reads a book.",
    "A woman. A light dusting of freckles falls across her nose.": "A woman.",
    "There are three women in saris: one is pouring tea.": "There are three women: one is pouring tea.",
    "In the center stands a drummer, shirtless and drenched in sweat, his sticks a blur.":
        "In the center stands a drummer, drenched in sweat, his sticks a blur.",
    # `plants` are no verb, and the second name is no subject
    "zw1ft, 1girl, grey sports bra and leggings, wooden floor, plants, large windows":
        "zw1ft, 1girl, wooden floor, plants, large windows",
    "there is a chef in a black apron that is holding a white plate": "there is a chef that is holding a white plate",
    "a woman with a with a straw hat is picking apples": "a woman is picking apples",
    "ohwx woman reading, ohwx woman has a dark bob and wears a coat, cafe": "ohwx woman reading, cafe",
    # no sentence becomes one
    "the bridesmaids in green dresses doing shots in the kitchen": "the bridesmaids doing shots in the kitchen",
    # what hands do to a thing needs it
    "He wipes his glasses with the corner of his shirt.": "He wipes his glasses.",
    "my cousin Leo, fiddling with his tie": "my cousin Leo, fiddling with his tie",
    "His hair is thinning on top, but he still plays like a teenager.": "He still plays like a teenager.",
}  # fmt: skip


@pytest.mark.parametrize("caption", LEFT)
def test_left(caption: str) -> None:
    assert without_appearance(caption) == LEFT[caption]


@pytest.mark.parametrize("caption", LEFT)
def test_nothing_more_to_drop(caption: str) -> None:
    assert without_appearance(LEFT[caption]) == LEFT[caption]
