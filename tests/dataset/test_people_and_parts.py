"""Whose looks they are where two people are named, and looks told before or after a part of the body: what fires, and its like
that does not."""

import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

FOUND = {
    # who is said to be the focus of the picture
    "A man and a woman dancing. The woman is the main focus of the image. She wears a red dress. The man wears a tailcoat.": [
        "a red dress"],
    "A woman and a man in a kitchen. The man is in the foreground. He has a beard. The woman wears an apron.": ["a beard"],
    "A man and a woman. The main subject is the woman. She wears a red coat. The man has a grey beard.": ["a red coat"],
    "A man and a woman dancing. The man is the main focus. He wears a tailcoat. The woman wears a red dress.": ["a tailcoat"],
    "A man and a woman dancing. He wears a tailcoat. The woman wears a red dress.": ["a tailcoat"],
    "A man and a woman at a bar. The woman is in sharp focus. She wears a red coat. The man wears a hat.": ["a red coat"],
    "A man and a woman on a bench. The woman, in the foreground, wears a red dress. The man behind her wears a suit.": [
        "a red dress"],
    "A man and a woman on a bench. The man in the foreground wears a vest. The woman wears a suit.": ["a vest"],
    "A man with a beard. A tree is the main focus of the image.": ["a beard"],
    "A female doctor talks to a patient. The doctor is wearing a white coat. The patient wears a gown.": ["a white coat"],
    # against whom one plays, who is beside, and who walks past
    "Viktor playing chess in the park against a man in a brown hat. His own coat is black.": ["His own coat is black"],
    "A firefighter in a red jacket. The background shows another crew member in a yellow helmet.": ["a red jacket"],
    "A person dressed in a suit. The location seems to be a lobby, as visitors with badges are queuing.": ["a suit"],
    "A woman in a blue coat waves as a man in a red hat walks past.": ["a blue coat"],
    "She is dressed as a pirate in a red coat and holds a sword.": ["a red coat"],
    "ohwx as a waitress in a white apron is holding a tray": ["a white apron"],
    # who comes in by `there is`, by a place before the verb or as `the patient`
    "The image shows a man at a table. Behind him, there is a woman in a blue coat standing at the counter.": [],
    "The picture is a portrait of a woman. In the center of the image, there is a woman with red hair.": ["red hair"],
    "In the photo, there is a woman in a blue coat.": ["a blue coat"],
    "A bride at a window. Reflected in the glass is a bridesmaid in a sage green dress, who is laughing.": [],
    "A woman at a table. Standing behind her is a man in a black suit.": [],
    "Standing in the doorway is a man in a black suit.": ["a black suit"],
    "p3rs0n, a doctor talking to a patient in bed, the patient is an old man with white hair, white coat": ["white coat"],
    "mrk0s at a bar with his friend, the friend is a tall guy with a red beard, black shirt": ["black shirt"],
    "A woman talking to a man. The woman is a brunette with red lips.": ["brunette", "red lips"],
    "ohwx, the subject is a tall man with red hair": ["tall", "red hair"],
    # the noun of the first tag once more
    "ohwx man, cowboy shot, a tall, lanky man leaning in a doorway": ["tall", "lanky"],
    "ohwx woman, A portrait of a woman with red hair. She waits.": ["red hair"],
    "ohwx woman, cafe, a man in a suit, a woman with red hair in the background": [],
    "ohwx woman, bench, another woman with red hair": [],
    # beside an age
    "A young adult man performing a trick.": ["young adult"],
    "A young adult with red hair.": ["young", "red hair"],
    "He is in his late fifties or early sixties and heavyset.": ["in his late fifties or early sixties", "heavyset"],
    "He is in his fifties and sits on a bench.": ["in his fifties"],
    "She has full, slightly parted lips.": ["full, slightly parted lips"],
    "1girl, full, parted lips": ["parted lips"],
    # a sentence after tags
    "bllrn4, ballet studio, mirror, tights, A slender dancer stretches her leg on the barre.": ["tights", "slender"],
    "ohwx, skate park, bench, a kid in a yellow helmet watches": [],
    "ohwx woman, market, fruit, A vendor in a green apron hands her an apple.": [],
    # the same words again
    "ADRN man, a photo of ADRN man in a white shirt behind a bar.": ["a white shirt"],
    "ADRN man, a photo of a man in a white shirt behind ADRN man.": [],
    "Me and the kids. I'm the one with the baby carrier and the tired face.": ["the baby carrier", "the tired face"],
    "A woman with a baby in a red hat.": [],
    # what only sounds like looks
    "A girl doing a cartwheel, motion blur, can't see her face": [],
    "A woman at a desk. In one hand she holds a palette, and the other supports her chin.": [],
    "A man in a car. The seatbelt is still fastened across his chest.": [],
    "He has nails between his lips and a hammer raised.": [],
    "A man. No facial features are visible because of the distance.": [],
    "A photo of a girl. There is a crease across the lower left corner.": [],
    "Only the glowing tips of cigars are visible.": [],
    "A man in a kitchen trying to plait his daughter's hair.": [],
    "A rider on the edge of a stubble field.": [],
    "A man with stubble on the edge of a field.": ["stubble"],
    "A girl on a bus. Motorbikes stream past, reduced to coloured streaks.": [],
    "A girl with coloured streaks in her hair.": ["coloured streaks in her hair"],
    "A woman in a parlour, with silvery highlights along the furniture.": [],
    "A woman with silvery highlights in her hair.": ["silvery highlights in her hair"],
    "A girl with blue tips.": ["blue tips"],
    "The fish is almost as long as he is tall.": [],
    "He is tall and holds a fish.": ["tall"],
    "In his hands is a handheld game console.": [],
    "On his head is a red cap.": ["a red cap"],
    # what colour a garment is in, and where it sits
    "She wears a tiered prairie skirt in burnt orange and a bucket hat in faded denim.":
        ["a tiered prairie skirt in burnt orange", "a bucket hat in faded denim"],
    "She wears a blazer in bottle green in the rain.": ["a blazer in bottle green"],
    "She wears a coat in light rain.": ["a coat"],
    "A man with glasses hanging from a cord reads.": ["glasses hanging from a cord"],
    "A man with a lamp hanging from a cord reads.": [],
    "ohwx man, safety goggles on forehead, pushing a plank": ["safety goggles on forehead"],
    "Nyx, one blue eye and one brown, running": ["one blue eye and one brown"],
    # hair
    "A boy. His sandy hair is wet and sticks up at the back.": ["His sandy hair is wet and sticks up at the back"],
    "A boy. His hair is soaked and sticks to his forehead.": ["His hair is soaked"],
    "A woman. She has a shaved head on one side and straight, white hair on the other.": [
        "a shaved head on one side", "straight, white hair on the other"],
    "A man. He has a tattoo on one arm and a cup on the other table.": ["a tattoo on one arm"],
    "A woman with short, wavy hair in a 1920s-style bob.": ["short, wavy hair in a 1920s-style bob"],
    "A woman with wavy hair in a 1920s-style ballroom.": ["wavy hair"],
    "A man with a neatly kept beard.": ["a neatly kept beard"],
    "ohwx woman lying in bed, blonde hair spread on the pillow": ["blonde hair spread on the pillow"],
    "A girl. Her curly hair partly hides her face.": ["Her curly hair partly hides her face"],
    "A girl. Her veil partly hides her face.": ["Her veil"],
    "A girl. Her braid hangs over her shoulder.": ["Her braid hangs over her shoulder"],
    "A monk. His head is tonsured.": ["His head is tonsured"],
    "A monk. His head is bowed.": [],
    "A sorceress seated on a throne of twisted roots.": [],
    "A sorceress with blonde hair with dark roots.": ["blonde hair with dark roots"],
    "A man with white hair braided tightly along both sides of his head.": [
        "white hair braided tightly along both sides of his head"],
    # the body and its parts
    "A girl. She has black stripes of face paint under her eyes.": ["black stripes of face paint under her eyes"],
    "A girl. She has a butterfly painted on her cheek.": ["a butterfly painted on her cheek"],
    "A girl. She has a sign with a flower painted on it.": [],
    "A person. Their face is painted white, with dark shadows around the eyes.": [
        "Their face is painted white, with dark shadows around the eyes"],
    "A person. Their face is half in shadow.": [],
    "A boxer. He has a swollen left eye and a bruised right cheek.": ["a swollen left eye", "a bruised right cheek"],
    "A boxer. He raises his left arm and rubs his right eye.": [],
    "A climber. Her top reveals a strong, sinewy back.": ["Her top", "a strong, sinewy back"],
    "A climber with a strong back light behind her. She leans back.": [],
    "A ballerina. Her slim arms form a graceful arc.": ["Her slim arms"],
    "A dancer. Her muscular figure is reflected in the mirrors.": ["Her muscular figure"],
    "A man. Stripes of light fall across his lined face.": ["his lined face"],
    "A man. Streaks of paint cover his arms.": ["Streaks of paint cover his arms"],
    "A woman with shimmering, pale skin.": ["shimmering, pale skin"],
    "A woman. She has a small nose, sharp, high cheekbones, and bleached eyebrows.": [
        "a small nose", "sharp, high cheekbones", "bleached eyebrows"],
    "A firefighter leaning against an engine, his face smudged with soot.": ["his face smudged with soot"],
    "A miner, his cheeks streaked with black coal dust and sweat, waves.": ["his cheeks streaked with black coal dust and sweat"],
    "A gymnast. Chalk dust hangs in the air around his hands.": [],
    "A gymnast. Gold dust hangs on his lashes.": ["Gold dust hangs on his lashes"],
    "A woman. Several thin gold rings adorn her fingers.": ["Several thin gold rings"],
    "A knight. He rests both gauntleted hands on the pommel.": ["both gauntleted hands"],
    "1girl, horns, scales on cheeks, purple gown": ["horns", "scales on cheeks", "purple gown"],
    "fish, scales on kitchen counter": [],
    "A bride. Henna patterns decorate her fingertips.": ["Henna patterns decorate her fingertips"],
    "A farmer. His face is tanned, with pale blue eyes that squint against the sun.": ["His face is tanned, with pale blue eyes"],
    "A cyborg with half of her face replaced by metallic plating.": ["half of her face replaced by metallic plating"],
    "A veteran whose left leg was replaced by a prosthesis walks.": ["whose left leg was replaced by a prosthesis"],
    "A man. The old sign was replaced by a new one.": [],
    "A cyborg with thin, glowing, blue lines running along her neck.": ["thin, glowing, blue lines running along her neck"],
    "A man. Power lines running along the road. A tram with cables running over his head.": [],
    "My grandmother when she was about twenty, on a car.": ["about twenty"],
    "A man. He was about twenty minutes late.": [],
    # moods, which `fix` keeps
    "A man. His expression is confident and slightly aloof.": ["His expression is confident and slightly aloof"],
    "A man. His expression is tense and he stares at the wall.": ["His expression is tense"],
    "A violinist, her face showing deep concentration.": ["deep concentration"],
    "A violinist. The room shows deep shadows.": [],
    "A runner. Despite the obvious exhaustion, he looks into the lens.": ["the obvious exhaustion"],
    "A runner. Despite the exhaustion of the race, he runs.": [],
    "ohwx woman in a pottery class, concentrating, shelves": ["concentrating"],
    "A chef. He is concentrating on a plate.": [],
    "Someone who laughs often.": [],
    "A woman who laughs loudly.": ["laughs"],
    # ages guessed at
    "A boy of perhaps seven sits on the steps.": ["seven"],
    "A woman, perhaps thirty, stands at the window.": ["thirty"],
    "She is perhaps about thirty.": ["about thirty"],
    "He is well past sixty and reads.": ["well past sixty"],
    "A girl of about sixteen waves.": ["about sixteen"],
    "A crowd of perhaps fifty stands at the gate.": [],
    "A man. The room is perhaps thirty feet wide.": [],
    "A waiter carries four plates, perhaps five, along his arm.": [],
    # what a part of the face does is no look
    "A woman. Her lips are slightly parted and painted red.": ["Her lips are slightly parted and painted red"],
    "A man. His forehead is wrinkled with age.": ["His forehead is wrinkled with age"],
    "A man. His eyes are narrow and bright.": ["His eyes are narrow and bright"],
    # ink, whatever is drawn with it
    "A man. A koi is tattooed along his calf.": ["A koi is tattooed along his calf"],
    "A man. Japanese characters are inked along his collarbone.": ["Japanese characters are inked along his collarbone"],
    "A woman. A spider web is tattooed on the right elbow.": ["A spider web is tattooed on the right elbow"],
    "A woman. The word is inked on the page.": [],
    # what work leaves
    "A woman. Mud is splashed along her forearms.": [],
    "A miner. Coal dust masks his face.": ["Coal dust masks his face"],
    "A potter. Her hands, slick with grey clay, are shaping a vase.": [],
    "A fisherman. His hands, cracked and reddened by cold, pull a net.": ["cracked and reddened by cold"],
    # where hair is left, and where it is dyed
    "A man with a fringe of white hair around a bald crown reads.": ["a fringe of white hair around a bald crown"],
    "A man with grey hair around a table reads.": ["grey hair"],
    "He has black hair dyed silver at the tips and pale skin.": ["black hair dyed silver at the tips", "pale skin"],
    "A woman with hair dyed red at the front door.": ["hair dyed red"],
    "A robot. Her scalp is smooth and hairless.": ["Her scalp is smooth and hairless"],
    # builds
    "A monk. He is small and wiry.": ["small", "wiry"],
    "A man. The room is small and cosy.": [],
    "A swimmer. She is small and sits on the edge.": [],
    "A weathered fisherman leans on the rail.": ["weathered"],
    "A man. An old dock, weathered and grey, leads to the sea.": [],
    "A baker, red-faced from the heat, lifts a tray.": ["red-faced from the heat"],
    "A man with a prosthetic left leg warms up.": ["a prosthetic left leg"],
    "The model, a tall, angular woman with a shaved head, lies down.": ["tall", "angular", "a shaved head"],
}  # fmt: skip

LEFT = {
    "A man and a woman. The woman is the main focus of the image. She is wearing a red dress. The man is wearing a tailcoat.":
        "A man and a woman. The woman is the main focus of the image. The man is wearing a tailcoat.",
    "A ballerina. Her slim arms form a graceful arc.": "A ballerina. Her arms form a graceful arc.",
    "A man. Stripes of light fall across his lined face.": "A man. Stripes of light fall across his face.",
    "A cyborg with one side of his skull replaced by chrome sits at a bar.": "A cyborg sits at a bar.",
    "A veteran whose left leg was replaced by a prosthesis walks.": "A veteran walks.",
    "A boxer. He has a bruised right cheek and holds his left hand up.": "A boxer. He holds his left hand up.",
    "A woman. She raises her tattooed left arm.": "A woman. She raises her arm.",
    "A man. His jaw is clenched with effort.": "A man. His jaw is clenched with effort.",
    "A woman. Her hair is windswept and partly covers her brow. She smiles.": "A woman. She smiles.",
    "A girl. Her head is tilted, and her black hair partly hides her face.": "A girl. Her head is tilted.",
    "A boy of perhaps seven sits on the steps.": "A boy sits on the steps.",
    "A woman. She is perhaps thirty. She reads.": "A woman. She reads.",
    "A singer. Her mouth is wide open in a shout and her eyes are squeezed shut.":
        "A singer. Her mouth is wide open in a shout and her eyes are squeezed shut.",
    "The man's eyes are half closed, and he seems content.": "The man's eyes are half closed, and he seems content.",
    "A father. His brow is wrinkled with effort. His forehead is wrinkled.": "A father. His brow is wrinkled with effort.",
    "A trumpeter. The edge of a piano and a pair of hands on the keys can be seen.":
        "A trumpeter. The edge of a piano and a pair of hands on the keys can be seen.",
    "A cowboy. His sunburnt face is shaded by a straw hat.": "A cowboy.",
    "A woman. Her face is shaded by her hand.": "A woman. Her face is shaded by her hand.",
    "A woman. Her full lips carry a trace of coral lipstick.": "A woman.",
    "A man. Overhead bulbs throw hard little highlights on everything damp.":
        "A man. Overhead bulbs throw hard little highlights on everything damp.",
    "A player. The picture is told without a single visible face.":
        "A player. The picture is told without a single visible face.",
}  # fmt: skip


@pytest.mark.parametrize("caption", FOUND)
def test_found(caption: str) -> None:
    assert [span.text for span in find_spans(caption)] == FOUND[caption]


@pytest.mark.parametrize("caption", LEFT)
def test_left(caption: str) -> None:
    assert without_appearance(caption) == LEFT[caption]
