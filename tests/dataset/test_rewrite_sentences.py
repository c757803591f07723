"""What stays of ordinary sentences that tell looks beside something else, each class with its like that must stay as it is."""

import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

LEFT = {
    # somebody, named anyhow, wears something and does something
    "A woman wears a red dress and holds a cup.": "A woman holds a cup.",
    "A man with a beard wears a hat and plays the guitar on a stage.": "A man plays the guitar on a stage.",
    "An old man in a boat wears a hat and pulls a net.": "A man in a boat pulls a net.",
    "Marcus wears a red hat and holds a cup.": "Marcus holds a cup.",
    "ohwx woman is wearing a red dress and holding a cup": "ohwx woman is holding a cup",
    "In the park, a woman wears a red dress and holds a cup.": "In the park, a woman holds a cup.",
    "a woman who wears a hat and holds a bag": "a woman who holds a bag",
    "a woman is wearing a hat and sitting on a bench": "a woman is sitting on a bench",
    "two men are wearing suits and sitting at a table": "two men are sitting at a table",
    "two men wearing suits and sitting at a table": "two men sitting at a table",
    "Two girls wear red hats and hold cups.": "Two girls hold cups.",
    "A woman wears a red dress as she pours tea.": "A woman pours tea.",
    "A woman wears a red dress, holding a cup.": "A woman is holding a cup.",
    "A young man wears a coat, his hands in his pockets.": "A man has his hands in his pockets.",
    "A woman has long hair and a dog on her lap.": "A woman has a dog on her lap.",
    "A woman wears a red dress in a garden.": "A woman is in a garden.",
    "She is dressed in a red gown on a balcony.": "She is on a balcony.",
    "A woman has a ring on the tip of her finger.": "",
    "A woman wears a red dress and a hat, and a dog runs beside her.": "A dog runs beside her.",
    "The singer, whose hair is dyed blue, wears a jumpsuit and raises one arm.": "The singer raises one arm.",
    "The guy on the left with the big beard is me.": "The guy on the left is me.",
    "The older of the two women has white hair, while the younger one wears jeans and holds a tray.":
        "The younger one holds a tray.",
    "The grandmother knits, and the girl wears a dress and holds a ball.": "The grandmother knits, and the girl holds a ball.",
    "The grandmother knits, and the girl wears a dress and has braids.": "The grandmother knits.",
    "In a red dress she dances on a table.": "She dances on a table.",
    # whose side it is, where there are two of a kind
    "The boy on the left wears a cap; the boy on the right holds a ball.":
        "A boy is on the left; the boy on the right holds a ball.",
    "The man on the left wears a cap; the woman on the right holds a ball.":
        "The man is on the left; the woman on the right holds a ball.",
    # several adjectives before a person
    "Photograph of a shirtless, athletic, tattooed man with a buzz cut.": "Photograph of a man.",
    "A photo of a cheerful, plump, bald baker.": "A photo of a cheerful baker.",
    "a smiling and bald man": "a smiling man",
    "the dog and young girl": "the dog and girl",
    "A tall, kind, blonde woman waves.": "A kind woman waves.",
    "A hoodie, cowboy shot": "cowboy shot",
    # a comma stays after a verb, and goes beside a noun
    "A woman runs down a hill in a red coat, holding a cup.": "A woman runs down a hill, holding a cup.",
    "A photo of a woman in a red coat, holding a cup": "A photo of a woman holding a cup",
    "The lamp catches the gold of her ring, casting light on the wall.": "The lamp catches the gold, casting light on the wall.",
    # what was only there to lead to the look
    "A man. What stands out is the large tattoo on his back. He waves.": "A man. He waves.",
    "Around his waist is a tool belt, and on his head is a hard hat. He drills.": "He drills.",
    "Nothing is tidy about him: his hair is uncombed, and his shirt is stained. He naps.": "Nothing is tidy about him. He naps.",
    "His outfit\u2014a white shirt, beige chinos, and brown loafers\u2014gives him a relaxed look. He waves.": "He waves.",
    "my boyfriend when he still had long hair, playing bass": "my boyfriend playing bass",
    "the twins in their costumes (skeleton and pumpkin), eating candy on the stairs": "the twins are eating candy on the stairs",
    "me and jess at the lake, I'm in the blue swimsuit, she's splashing me": "me and jess at the lake, she's splashing me",
    # what belongs to the look goes with it
    "grandma with the flowery apron she always wears, rolling dough": "grandma rolling dough",
    "Emma dressed as a pirate, eyepatch and everything, holding a bucket": "Emma dressed as a pirate, holding a bucket",
    "He has the sleeves of his shirt rolled up and is washing dishes.": "He is washing dishes.",
    # the noun for `it`, where that is no more told of
    "She has long red hair, and she is braiding it in front of a mirror.": "She is braiding her hair in front of a mirror.",
    "She wears a red scarf and adjusts it with one hand.": "She adjusts her scarf with one hand.",
    "He wears a coat and carries a bag and opens it.": "He carries a bag and opens it.",
    # what somebody does to a garment needs it; a pocket is somebody's
    "She takes off her red coat and hangs it on a hook.": "She takes off her coat and hangs it on a hook.",
    "She is tying her muddy shoes on a bench.": "She is tying her shoes on a bench.",
    "He has his hands in the pockets of his jeans and looks away.": "He has his hands in his pockets and looks away.",
    "Her eyes are bright green and look straight into the camera.": "Her eyes look straight into the camera.",
    "The image shows a man's weathered face in close-up.": "The image shows a man's face in close-up.",
    "A close-up of a woman's green eyes.": "A close-up of a woman's eyes.",
    # a clause of the person, not of the look
    "there is a man with glasses and a beard that is looking at the camera": "there is a man that is looking at the camera",
    "there is a man with a beard that is reaching his chest": "there is a man",
    "He's in his best suit and can't stop smiling.": "He can't stop smiling.",
    # what led to the look alone
    "Mia without her glasses, squinting at the menu": "Mia squinting at the menu",
    "Papa with a hat made of newspaper, painting the ceiling": "Papa painting the ceiling",
    "Steam rises past his face, fogging his glasses.": "Steam rises past his face.",
    "A goalkeeper lies on the grass with his face in his gloves.": "A goalkeeper lies on the grass.",
    "The man, on the left, has grey hair and wears a suit; the woman, on the right, smiles.":
        "The man is on the left; the woman, on the right, smiles.",
    # what else is in the list
    "A woman with red hair and a dog crosses a street.": "A woman with a dog crosses a street.",
    "He sits with a rod, a hat on his head and a pipe in his mouth.": "He sits with a rod and a pipe in his mouth.",
    "He sits on a pier, his grey beard blowing in the wind, and watches.": "He sits on a pier and watches.",
    "The man stands in a field, wearing a hat and boots, and holding a fork.": "The man stands in a field, holding a fork.",
    "He sits on a pier, holding a rod, wearing a hat, and smoking.": "He sits on a pier, holding a rod and smoking.",
    "A woman, dressed in white and holding a basket, walks away.": "A woman, holding a basket, walks away.",
    "Her hands, with red nails, hold a cup.": "Her hands hold a cup.",
    "While the woman wears a red coat, the man holds an umbrella.": "The man holds an umbrella.",
    "She is a tall, slim woman with red hair and works in a bakery.": "She works in a bakery.",
    "She waves. Her skirt and hair flutter in the wind.": "She waves.",
    "She waves. The overall look is completed by black boots.": "She waves.",
    # what is told of a look or a garment is one phrase with it
    "A woman with curly hair streaked with gray, and a broad smile, sells fruit.": "A woman with a broad smile, sells fruit.",
    "A man with dark hair peppered with grey stands by a wall streaked with white.":
        "A man stands by a wall streaked with white.",
    "Kofi at prize giving, school blazer way too big for him. holding the certificate":
        "Kofi at prize giving. holding the certificate",
    "A boy in a coat two sizes too big waves.": "A boy waves.",
    "Kofi at the airport, the suitcase way too big for him": "Kofi at the airport, the suitcase way too big for him",
    "portrait of TOK woman, glowing circuit tattoos on her neck, rainy alley": "portrait of TOK woman, rainy alley",
    "TOK woman, glowing circuit boards on her desk": "TOK woman, glowing circuit boards on her desk",
    "A florist. Over a cream turtleneck she wears a pinafore in muted sage. She waves.": "A florist. She waves.",
    "Over her shirt she wears an apron in a garden.": "She is in a garden.",
    "Over the bridge she carries a basket.": "Over the bridge she carries a basket.",
    "A woman in a coat in light rain.": "A woman in light rain.",
    "He is wearing a coat with a lace collar and a wide-brimmed hat with a feather. He waves.": "He waves.",
    "A man in a hat with a feather and a dog": "A man with a dog",
    # whose look it is
    "Old photo of Nana, white lipstick. My grandad is the one with the quiff.":
        "Old photo of Nana. My grandad is the one with the quiff.",
    "Old photo of Nana. She is the one with the quiff.": "Old photo of Nana. She is the one.",
    # a sentence that began with a capital still does, one that had none has none
    "Ana at the race. Red hair, yellow ball on her knees. she's waving":
        "Ana at the race. Yellow ball on her knees. she's waving",
    "ana at the race. red hair, yellow ball on her knees. She waves": "ana at the race. yellow ball on her knees. She waves",
    # and what does not stays
    "He has a white cape around his neck and shaving foam on his face.": "He has shaving foam on his face.",
    "a woman in a black dress with a glass of wine in her hand": "a woman with a glass of wine in her hand",
    "Nora with her new glasses reading on the sofa": "Nora reading on the sofa",
}  # fmt: skip
FOUND = {
    "A man climbs. His right hand reaches for a yellow hold.": [],
    "A man. His right hand has a long scar.": ["a long scar"],
    "She has a helmet in her hand.": [],
    "She has a helmet on her head.": ["a helmet on her head"],
    "She has a helmet under her arm.": ["a helmet under her arm"],
    "A graduate, cap in the air.": [],
    "A worker. His hard hat sits beside him.": [],
    "On the desk there is a mug and a pair of glasses.": [],
    "There is a red scarf around her neck.": ["a red scarf around her neck"],
    "A pair of glasses rests on her nose.": ["A pair of glasses"],
    "Two glasses rest on the table.": [],
    "Ella trying on her mum's heels.": [],
    "Ella in her mum's heels.": ["her mum's heels"],
    "Wearing a hairnet, the worker packs fish into boxes.": ["a hairnet"],
    "Oma feeding the chickens in her rubber boots and that old blue coat": ["her rubber boots", "that old blue coat"],
    "a woman with a baby in her arms and a bag on her shoulder": ["a bag on her shoulder"],
    "A woman drinks. The man to her right has a gray beard and a red bandana.": [],
    "Dave after work, cap backwards, tie loose": ["cap backwards", "tie loose"],
    "Dad, cap on backwards": ["cap on backwards"],
    "Kim after the race, hair a mess, face red as a tomato": ["hair a mess", "face red as a tomato"],
    "1girl, face focus, face to face": [],
    "ohwx getting a haircut": [],
    "ohwx with a new haircut": ["a new haircut"],
    "the bride getting her makeup done": [],
    "She is putting on lipstick.": [],
    "She floats. Laptops, cables and white storage bags cover every wall.": [],
    "She works. Her hands are smudged with oil.": [],
    "She works. Her nails are painted red.": ["Her nails are painted red"],
    "me after the haircut": [],
    "They are clinking glasses.": [],
    "Anna has her hair in a braid here": ["her hair in a braid"],
    "A woman stands with a cup in one hand and a leather bag on her shoulder.": ["a leather bag on her shoulder"],
    "The man is smiling and bald.": ["smiling", "bald"],
    "the bride with her heavy makeup": ["her heavy makeup"],
    "A large man waves.": ["large"],
    "a large crowd, my big brother": [],
    "a farmer with a sunburned neck": ["a sunburned neck"],
    # people's own words: what they wear, what is strapped to them, marks, ages, moods
    "Tom on the train. grey trackies, hard hat still on": ["grey trackies", "hard hat still on"],
    "Ben, salopettes, barbour, two plaits, sunnies": ["salopettes", "barbour", "two plaits", "sunnies"],
    "Nan in the kitchen. Beehive, pinny": ["Beehive", "pinny"],
    "Nan in the garden with a wooden beehive": [],
    "Lily at nursery. Hair in bunches": ["Hair in bunches"],
    "flowers in bunches on a stall": [],
    "Granny feeding the hens. Dad's old barbour, wellies. One hen is asleep.": ["Dad's old barbour", "wellies"],
    "Granny feeding the hens. Dad's red car": [],
    "Jen in a bobble hat walking the dog": ["a bobble hat"],
    "A dog in a bobble hat": [],
    "Dad under the sink, torch strapped to his head": ["torch strapped to his head"],
    "Dad under the sink, torch strapped to the pipe": [],
    "Dad on a walk, rope over his shoulder, hand on his shoulder, my son on his shoulders": ["rope over his shoulder"],
    "Ana after the race. foil blanket on her shoulders": ["foil blanket on her shoulders"],
    "me at the party. glitter all over my face": ["glitter all over my face"],
    "me at the party. glitter all over the floor": [],
    "Sam in the hills. nose peeling, shoulders sunburnt": ["nose peeling", "shoulders sunburnt"],
    "Sam in the kitchen, peeling potatoes, burnt toast": [],
    "Sam on the trek, massive rucksack with a mug hanging off it": ["massive rucksack with a mug hanging off it"],
    "Sam on the trek, holding a massive rucksack": [],
    "Lily aged 4 at nursery": ["aged 4"],
    "a cheese aged 4 years on a table": [],
    "a six-year-old girl in a field": ["six-year-old"],
    "a woman beside a ten-year-old car": [],
    "A boy. A fresh scrape runs down his left shin.": ["A fresh scrape runs down his left shin"],
    "A boy. A river runs down the valley.": [],
    "at the vets with Ali, scratches all down his arms": ["scratches all down his arms"],
    "A woman laughs. A cat scratches her arm.": ["laughs"],
    "A man drinks and looks exhausted.": ["looks exhausted"],
    "A boxer. He appears to be focused and determined.": ["focused and determined"],
    "A boxer. He appears to be focused on the game. The room looks serene.": [],
    "His mouth is open in a roar.": ["His mouth is open in a roar"],
    # people are `they`, too; the child beside a grown-up
    "A skier wears goggles. They are holding ski poles and there is snow.": ["goggles"],
    "A skier wears goggles. They have a blue strap.": ["goggles", "They have a blue strap"],
    "A fisherman and his grandson sit. The old man wears a jacket. The boy, barefoot and in a cap, waves.": ["old", "a jacket"],
    "A child and his dog sit. The boy, barefoot and in a cap, waves.": ["barefoot", "a cap"],
    "His mouth is open in the picture.": ["His mouth is open"],
}


@pytest.mark.parametrize("caption", LEFT)
def test_left(caption):
    assert without_appearance(caption) == LEFT[caption]


@pytest.mark.parametrize("caption", FOUND)
def test_found(caption):
    assert [span.text for span in find_spans(caption)] == FOUND[caption]
