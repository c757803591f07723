"""What a copy editor looks at in a rewrite: commas, verbs and their subjects, pieces that say nothing any more."""

import pytest

from fluxdiag.dataset.rewriting.rewrite import without_appearance

LEFT = {
    # a comma stays after a place, a doing or `as a`, and goes where what follows hangs on somebody
    "Photo of a woman on a beach, wearing a red bikini, holding a surfboard.":
        "Photo of a woman on a beach, holding a surfboard.",
    "My daughter on her first day of school, with two braids, waving from the gate.":
        "My daughter on her first day of school, waving from the gate.",
    "Medium shot of sks woman as an astronaut, in a white spacesuit, floating inside a station":
        "Medium shot of sks woman as an astronaut, floating inside a station",
    "Photo of a girl, around eight years old, with light skin, hugging a dog": "Photo of a girl hugging a dog",
    "Photo of a student with brown hair, asleep at a table.": "Photo of a student asleep at a table.",
    "Mia Keller in a red coat, drinking coffee.": "Mia Keller drinking coffee.",
    "ohwx man, short brown hair, beard, sitting in a cafe, window light": "ohwx man, sitting in a cafe, window light",
    "A woman with red hair, holding a basket, walks along a road.": "A woman, holding a basket, walks along a road.",
    "A smith stands at his anvil, while the younger man, in a striped shirt, claps his hands.":
        "A smith stands at his anvil, while the man claps his hands.",
    "The older man is playing, while the younger man, in a striped shirt, claps.":
        "The man is playing, while the man claps.",
    "The warrior, clad in black armor and wielding a sword, charges toward us.":
        "The warrior, wielding a sword, charges toward us.",
    "The three of us after the race, sweaty and happy, medals in hand": "The three of us after the race, happy, medals in hand",
    "Our son Milo, 4 years old, with blond curls, feeding a goat at the zoo.": "Our son Milo feeding a goat at the zoo.",
    "MILO, red hair, sitting in a cafe, window light": "MILO, sitting in a cafe, window light",
    "I'm a zombie nurse, fake blood all over my uniform, holding candy": "I'm a zombie nurse, holding candy",
    "The subject is a woman with red hair, photographed against a wall.": "The subject is a woman photographed against a wall.",
    "The woman is wearing a red coat, holding a cup, and smiling.": "The woman is holding a cup and smiling.",
    "There is a man at a desk, he is wearing a cap and he is typing.": "There is a man at a desk, he is typing.",
    "The twins in matching suits on the wall, eating chips.": "The twins on the wall, eating chips.",
    "In the image, there is a man with dreadlocks, who is playing.": "In the image, there is a man who is playing.",
    "a woman with a shaved head and glowing lines on her face, sitting in a chair":
        "a woman with glowing lines on her face, sitting in a chair",
    "The woman, dressed in a gown and adorned with pearls, is walking.": "The woman is walking.",
    "Portrait of a smith with white hair, carefully carving a figure": "Portrait of a smith carefully carving a figure",
    "The man has a beard, wears a cap, and, with a pen in his mouth, is writing.":
        "The man, with a pen in his mouth, is writing.",
    "The woman, who is blonde, and the man, who wears glasses, are reading.":
        "The woman and the man, who wears glasses, are reading.",
    "photo of a man in a torn shirt, tied to a chair, dark room": "photo of a man tied to a chair, dark room",
    # a noun that ends in -ing is nothing that is done
    "ohwx woman on a balcony, wearing a white robe, morning light": "ohwx woman on a balcony, morning light",
    "ohwx woman on a street, wearing a red coat, lighting a cigarette": "ohwx woman on a street, lighting a cigarette",
    # what somebody does after `that`, but not what the look does
    "there is a man in a hoodie that is skateboarding down a ramp": "there is a man that is skateboarding down a ramp",
    "there is a girl in a dress that is blowing in the wind": "there is a girl",
    # a clause that only says that it is somebody
    "The new vet. She's a redhead with glasses and she's very patient.": "The new vet. She's very patient.",
    "A baker. He's a tall man with a beard and he loves cats.": "A baker. He loves cats.",
    "A baker. She is a slim woman, and her dog is beside her.": "A baker. Her dog is beside her.",
    "A baker. She is a young woman who is reading a book.": "A baker. She is reading a book.",
    "A captain. He is depicted as a burly man of about sixty. Waves break.": "A captain. Waves break.",
    "A captain. He appears to be a man in his forties. Waves break.": "A captain. Waves break.",
    "A smith. He is a burly man with a beard, swinging a hammer.": "A smith. He is swinging a hammer.",
    "A captain. He is depicted as a burly king on a throne.": "A captain. He is depicted as a king on a throne.",
    "A baker. He is tall and thin, and he never stops smiling.": "A baker. He never stops smiling.",
    "A baker. She is very tired.": "A baker. She is very tired.",
    # what is done stays past what is told of a garment
    "A marine. She wears a suit of foam armor with LED lights and holds a large rifle.": "A marine. She holds a large rifle.",
    "A woman wears a suit of foam armor with LED lights and holds a large rifle.": "A woman holds a large rifle.",
    "A boy. He's wearing a bib with ducks and laughing at someone.": "A boy. He is laughing at someone.",
    "A caver. He wears a headlamp and, with one hand on the rope, looks down.":
        "A caver. With one hand on the rope, he looks down.",
    "a woman wearing headphones while sitting at a desk": "a woman sitting at a desk",
    "A groom having his tie straightened by his wife.": "A groom having his tie straightened by his wife.",
    "A boy having a red hat.": "A boy.",
    # a verb keeps its subject, and an object that stays its verb
    "His eyes, framed by bushy eyebrows, are fixed on something.": "His eyes are fixed on something.",
    "Only his eyes, rimmed with kohl, can be seen.": "Only his eyes can be seen.",
    "The man's grey hair is tied in a ponytail, and he is leaning over a board.": "The man is leaning over a board.",
    "A woman in an office. The lamp creates bright highlights and a calm mood.":
        "A woman in an office. The lamp creates bright highlights and a calm mood.",
    # tags behind a sentence of looks
    "She has long hair, beach, sunset, film grain": "beach, sunset, film grain",
    "He is wearing a jersey and a helmet, ohwx man, ice rink, action shot": "ohwx man, ice rink, action shot",
    "She has long hair, blue eyes, and freckles. A street at night.": "A street at night.",
    # what a person does with a face, tools that are called by a part of the body, animals that watch
    "A girl in the car, making a funny face at the camera.": "A girl in the car, making a funny face at the camera.",
    "A man in a shed. Rows of hand tools hang on the wall.": "A man in a shed. Rows of hand tools hang on the wall.",
    "A girl jumps while a green frog watches from a leaf.": "A girl jumps while a green frog watches from a leaf.",
    "ohwx man on his motorcycle, black leather jacket, desert": "ohwx man on his motorcycle, desert",
    "A boy, approximately seven years old, sitting on a swing.": "A boy sitting on a swing.",
    "Emma sits on the stairs tying her brother's shoes.": "Emma sits on the stairs tying her brother's shoes.",
    "Emma sits on the stairs wearing her brother's shoes.": "Emma sits on the stairs.",
    "A man on a bench. He has a full sleeve of tattoos.": "A man on a bench.",
    "A man on a bench. He is equipped with a tan turnout coat and a yellow helmet.": "A man on a bench.",
    "A model on a dune. Her platinum hair and bronze eyeshadow create a striking, futuristic look. Sand drifts.":
        "A model on a dune. Sand drifts.",
    # whose it is: another's pronoun takes no name
    "The woman wears a red coat, and he carries a bag.": "He carries a bag.",
    "The woman wears a red coat, and she carries a bag.": "The woman carries a bag.",
    "The bride is wearing a gown, and he is wearing a grey suit.": "He is wearing a grey suit.",
    "The colors complement her red dress and give the picture a mood.": "The colors give the picture a mood.",
    "Soft light falls on her face, highlighting her freckles and casting a shadow.":
        "Soft light falls on her face, casting a shadow.",
    "photo of a woman. she is wearing a coat, she is waiting for a train": "photo of a woman. she is waiting for a train",
    "Close-up of weathered hands with dirty fingernails tying a knot.": "Close-up of hands tying a knot.",
    # what a person does in a garment, and what a garment does
    "a woman in a green bikini floating in a pool": "a woman floating in a pool",
    "a girl in a yellow leotard hanging from a trapeze": "a girl hanging from a trapeze",
    "a boy in a scarf flying behind him": "a boy",
    "Sawdust covers his jeans, and he is measuring a plank.": "He is measuring a plank.",
    "Wood shavings cover his apron and the workbench. He waves.": "Wood shavings cover the workbench. He waves.",
    "Wood shavings cover the workbench. He waves.": "Wood shavings cover the workbench. He waves.",
    "The bride looks radiant in a lace gown as she throws her bouquet.": "The bride looks radiant as she throws her bouquet.",
    "there is a woman that has a tattoo and is looking out": "there is a woman that is looking out",
    "a young man in a shirt that says \"hello\" holding a sign": "a man holding a sign",
    # what goes with the look
    "Two boys, one with red hair and the other in a cap, are fishing.": "Two boys are fishing.",
    "The man, aged about 40 and with a beard, is fixing a bicycle.": "The man is fixing a bicycle.",
    "My aunt at her party, wearing the pearl necklace from grandma": "My aunt at her party",
    "jenny after the run, mud everywhere, pink tutu over black shorts, laughing": "jenny after the run, mud everywhere, laughing",
    "A smith sits at his bench, bent over an open pocket watch.": "A smith sits at his bench.",
    "Mum in the kitchen, flour on her apron, rolling out the dough": "Mum in the kitchen, rolling out the dough",
    "Mum in the kitchen, a cat on her lap, rolling out the dough": "Mum in the kitchen, a cat on her lap, rolling out the dough",
    "A cook. She is wearing a hat and what appears to be a stained apron, and she is tasting soup.":
        "A cook. She is tasting soup.",
    "A drawing of a man with spiky hair and sharp red eyes, leaping over a wall.": "A drawing of a man leaping over a wall.",
    "A young girl with two braids, each tied with a red ribbon, is feeding a lamb.": "A girl is feeding a lamb.",
    "A girl. Ornamental hairpins with dangling blossoms decorate her hair. She waves.": "A girl. She waves.",
    "A woman in a kimono in indigo and silver with a crane motif, on a bridge": "A woman on a bridge",
    "A fan. Her costume is highly detailed, made up of silver plates with blue accents, a red cape, and boots. She waves.":
        "A fan. She waves.",
}  # fmt: skip


@pytest.mark.parametrize("caption", LEFT)
def test_left(caption: str) -> None:
    assert without_appearance(caption) == LEFT[caption]
