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
    # expressions with any adjectives, lists before hair and marks, who the one person is, temples and waves
    "A woman. She glances over her shoulder with a slightly wary expression.": ["a slightly wary expression"],
    "A man. He stares ahead with a stern, unblinking expression.": ["a stern, unblinking expression"],
    "A woman. She stares into the lens with a defiant scowl.": ["a defiant scowl"],
    "A teacher. She has warm brown skin, kind dark eyes and an encouraging smile.": [
        "warm brown skin", "kind dark eyes", "an encouraging smile"],
    "A woman. She has high cheekbones, full lips, and a calm, self-assured expression.": [
        "high cheekbones", "full lips", "a calm, self-assured expression"],
    "A woman. She has dark circles under her eyes, and a tired but relaxed expression.": [
        "dark circles under her eyes", "a tired but relaxed expression"],
    "A woman. She looks over her shoulder with a sultry, half-lidded gaze.": ["a sultry, half-lidded gaze"],
    "A woman. There is a trace of melancholy about her.": ["a trace of melancholy"],
    "A man. There is a hint of sadness in his eyes.": ["a hint of sadness"],
    "A man. He has a short beard, and his face is solemn.": ["a short beard", "his face is solemn"],
    "A woman. Her hair is plaited into a single braid, and her face is serene.": [
        "Her hair is plaited into a single braid", "her face is serene"],
    "A man. He beams with pride as he holds up his diploma.": ["beams with pride"],
    "ohwx man, ice rink, hockey stick, gritted teeth": ["gritted teeth"],
    "A girl on a swing, her mouth wide open in a delighted laugh.": ["her mouth wide open in a delighted laugh"],
    "A girl, her mouth open in surprise.": ["her mouth open in surprise"],
    "A baby. He looks surprised, his mouth forming a small, open circle.": [
        "surprised", "his mouth forming a small, open circle"],
    "A man. He gives the camera a lazy, lopsided grin.": ["a lazy, lopsided grin"],
    "A man with an unimpressed, slightly bemused look on his face.": ["an unimpressed, slightly bemused look"],
    "A woman. She has a faraway, almost mournful gaze.": ["a faraway, almost mournful gaze"],
    "A boy with a mischievous yet innocent grin.": ["a mischievous yet innocent grin"],
    "A man. He wears a shirt, a hat, and a bemused expression.": ["a shirt", "a hat", "a bemused expression"],
    "A man. His expression is one of quiet resolve.": ["His expression is one of quiet resolve"],
    "A man. He looks exhausted.": ["exhausted"],
    "A woman. She looks slightly bored.": ["slightly bored"],
    "I look really nervous.": ["really nervous"],
    "A woman. She looks bored and a bit sad.": ["bored and a bit sad"],
    "ohwx at the finish line, looks exhausted": ["looks exhausted"],
    "p3ter in a taxi, he looks tired and a bit drunk, streetlights": ["tired and a bit drunk"],
    "A man drinks and looks exhausted.": ["looks exhausted"],
    "The walls give the street scene a timeless look.": [],
    "A woman. The filter gives the image a vintage look.": [],
    "A cabin. The room has a warm, cozy look.": [],
    "A woman. The grain gives the photo a nostalgic, dreamy look.": [],
    "A man on a dune. The figure seems tiny.": [],
    "A man on a dune. The figure appears small and distant.": [],
    "A woman takes a look at the map.": [],
    "A man takes a long look at the river.": [],
    "A woman. She reads with a calm, steady voice.": [],
    "A face of a clock on a wall. A man reads.": [],
    "Photograph of a woman. The overall look is modern.": [],
    "A man. He is wiry and flexible, and his skin is deeply tanned.": ["wiry and flexible", "his skin is deeply tanned"],
    "A woman. She is slim and agile, with long pointed ears.": ["slim and agile", "long pointed ears"],
    "A farmer. The man himself is stocky, with a ruddy face and bushy sideburns, and wears a cap.": [
        "stocky", "a ruddy face", "bushy sideburns", "a cap"],
    "A woman. She is tall and ready to jump.": ["tall"],
    "A woman. She is tall and holding a cup.": ["tall"],
    "A woman. She is petite and standing on a chair.": ["petite"],
    "A man. He is old and tired of waiting.": ["old"],
    "A samurai. He has light skin and a thin, drooping mustache.": ["light skin", "a thin, drooping mustache"],
    "A man. He has sun-weathered skin, a long, white, braided beard, and a bald head.": [
        "sun-weathered skin", "a long, white, braided beard", "a bald head"],
    "A woman with pale skin with dense, orange-brown freckles.": ["pale skin", "dense, orange-brown freckles"],
    "A siren. She has long hair, pearlescent, pale blue skin, and piercing, yellow eyes with slit pupils.": [
        "long hair", "pearlescent, pale blue skin", "piercing, yellow eyes with slit pupils"],
    "A man. He has a neat, pointed goatee and a thick, walrus-like mustache.": [
        "a neat, pointed goatee", "a thick, walrus-like mustache"],
    "A man. He has a scraggly, untrimmed, gray beard.": ["a scraggly, untrimmed, gray beard"],
    "A woman. She has long, wet, dark brown hair slicked back from her forehead, and wide hips.": [
        "long, wet, dark brown hair slicked back from her forehead", "wide hips"],
    "A woman with long, straight hair with a single white streak.": ["long, straight hair with a single white streak"],
    "A man. He has a full beard and thick, wavy hair of the same color.": [
        "a full beard", "thick, wavy hair of the same color"],
    "A woman. She has light green eyes with golden flecks, and pale eyelashes.": [
        "light green eyes with golden flecks", "pale eyelashes"],
    "A woman with hazel eyes with long lashes.": ["hazel eyes", "long lashes"],
    "A girl. She has lavender hair and a light pink blush on her cheeks.": [
        "lavender hair", "a light pink blush on her cheeks"],
    "A girl on a swing, her blonde pigtails flying out behind her.": ["her blonde pigtails flying out behind her"],
    "An elf. She has auburn hair braided along one side of her head.": ["auburn hair braided along one side of her head"],
    "A girl. She has two short pigtails tied with pink elastics and round cheeks.": [
        "two short pigtails tied with pink elastics", "round cheeks"],
    "A woman with a tall mohawk dyed hot pink and shaved sides.": ["a tall mohawk dyed hot pink", "shaved sides"],
    "A thin man. He has bleached, spiky hair, a pierced eyebrow, and tattoos.": [
        "thin", "bleached, spiky hair", "a pierced eyebrow", "tattoos"],
    "a toddler-aged boy sitting in a chair": ["toddler-aged"],
    "A woman. Her hands, spotted with age, move the needles.": ["spotted with age"],
    "A woman. She herself smiles, her eyes bright with tears.": ["smiles", "her eyes bright with tears"],
    "xyz_woman, photo. A woman with curly red hair leans on a railing. green dress, night": ["curly red hair", "green dress"],
    "photo of ohwx, a young man with bleached hair and a pierced eyebrow, night club, mesh shirt": [
        "young", "bleached hair", "a pierced eyebrow", "mesh shirt"],
    "sks girl, playground, slide. A little girl with red braids and a denim dress is coming down the slide.": [
        "little", "red braids", "a denim dress"],
    "zxcv person, 60 years old, market stall, the vendor, in a colorful shirt, is handing a mango to a customer": [
        "60 years old", "a colorful shirt"],
    "A photo of a woman on a horse. The rider wears a fitted, black show jacket, white breeches, and a helmet.": [
        "a fitted, black show jacket", "white breeches", "a helmet"],
    "An equestrian jumps a fence on a bay horse. The rider wears a black jacket.": ["a black jacket"],
    "photo of a tennis match, a woman serving. The player wears a white skirt.": ["a white skirt"],
    "jhn playing chess with an old man, gray coat": ["gray coat"],
    "jhn, park bench, playing chess with an old man with a long beard": [],
    "sks girl, playground. A boy with red hair is on the swing.": [],
    "ohwx man, cafe. A waitress with red hair brings coffee.": [],
    "ohwx woman, street. Behind her, a woman with red hair waits.": [],
    "A monk. An ornate golden temple rises in the background.": [],
    "A woman. The temple is made of white marble.": [],
    "A sorceress casting a spell in a ruined temple.": [],
    "A man with a scar on his left temple.": ["a scar on his left temple"],
    "A man with graying temples.": ["graying temples"],
    "A boy by a tide pool. In the distance, gray waves roll toward the shore.": [],
    "A DJ. Beams of purple, red, and white laser light cut through the fog.": [],
    "A man. A cabin, stacks of pale, freshly cut logs, and tall spruces are in the background.": [],
    "A man. The graffiti includes large blue letters and a yellow face.": [],
    "A man. His relaxed posture and the light convey a quiet mood.": [],
    "A violinist. Her chin rests on the violin, and she is reading.": [],
    "A man. His jaw is clenched with effort.": ["His jaw is clenched with effort"],
    "A hiker. The hiker's tiny silhouette emphasizes the scale.": [],
    "amra woman, long black hair, no makeup look, small mole above her lip, black turtleneck, soft light": [
        "long black hair", "no makeup look", "small mole above her lip", "black turtleneck"],
}  # fmt: skip


@pytest.mark.parametrize("caption", FOUND)
def test_found(caption: str) -> None:
    """What fires beside its like that does not."""
    assert [span.text for span in find_spans(caption)] == FOUND[caption]
