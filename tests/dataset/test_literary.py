"""Looks as literary captions tell them: asides, perfects, whole clauses, wear and mending; each with its like that stays."""

import pytest

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

FOUND = {
    # asides
    "A man. His face, narrow and badly pocked, tells us nothing.": ["narrow and badly pocked"],
    "A girl. Her shins, striped with old scratches, dangle from a branch.": ["striped with old scratches"],
    "A sailor deals cards. His knuckles, lettered with LOVE and HATE, tap the table.": ["lettered with LOVE and HATE"],
    "A woman knits. Her fingers, bent at the knuckles, work the wool.": ["bent at the knuckles"],
    "A carpenter. His left hand, missing two fingers, steadies the wood.": ["missing two fingers"],
    "A woman. Her hands, resting on the rail, tremble.": [],
    "A man. His eyes, fixed on the road, never waver.": [],
    "A woman. Her arms, crossed, hold a folder.": [],
    "A woman. Her hands, quick and sure, fold the dough.": [],
    "A man. His eyes, narrowed against the sun, scan the road.": [],
    "A woman. Her arms, loaded with shopping, ache.": [],
    # perfects
    "A pilot. His goggles have been pushed up onto his forehead.": ["His goggles have been pushed up onto his forehead"],
    "A boxer. One of his gloves has been unlaced.": ["One of his gloves has been unlaced"],
    "A monk. His hair has been cropped to a shadow.": ["His hair has been cropped to a shadow"],
    "A woman in a gown, and the hem has come down on one side.": ["a gown", "the hem has come down on one side"],
    "A curtain. The hem has torn on one side.": [],
    "A man. His hat has been placed on the table.": [],
    # pieces that are not on anybody
    "A mechanic works. His jacket lies folded on the bonnet.": [],
    "A soldier. His steel helmet lies upside down on the ground.": [],
    "A man. His cap rests on the back of a chair.": [],
    "A man. His glasses rest on the tip of his nose.": ["His glasses"],
    "A woman. Her scarf hangs over one shoulder.": ["Her scarf"],
    "A woman. Her gown lies on the floor around her.": ["Her gown"],
    "A woman sits, and someone has left a straw hat.": [],
    # whole clauses
    "A soldier sits, a razor nick marks his chin, and he reads.": ["a razor nick marks his chin"],
    "A sailor. A faded mermaid stretches along his forearm.": ["A faded mermaid stretches along his forearm"],
    "A girl. A cat stretches along her forearm.": [],
    "A man. A faded blanket stretches across his knees.": [],
    "A dancer turns, red lines sweep up from his eyes, and he bows.": ["red lines sweep up from his eyes"],
    "A map. A red line marks his route.": [],
    "A woman. Her head is bare after chemotherapy.": ["Her head is bare after chemotherapy"],
    "A cat girl. Her pupils are thin slits.": ["Her pupils are thin slits"],
    "A man. His right trouser leg is pinned up above the knee.": ["His right trouser leg is pinned up above the knee"],
    "A farmer. Mud coats his shins.": [],
    "A tailor. A tape measure dangles round her neck.": ["A tape measure"],
    "Lien rinses rice at the basin, her face lined like bark.": ["her face lined like bark"],
    # what is worn, by its place
    "A woman with silver hair and two white-tipped feathers above one ear.": [
        "silver hair",
        "two white-tipped feathers above one ear",
    ],
    "A viking. An axe through his belt completes the picture.": ["An axe through his belt"],
    "A man. A rifle over one shoulder, he waits.": [],
    "A woman with a bird over one ear.": [],
    "A man looks over his shoulder.": [],
    "A farmer. A checked gamcha shields his neck.": ["A checked gamcha"],
    "A woman. A red umbrella shades her face.": [],
    "A sweep. Brass goggles perch on a battered top hat.": ["Brass goggles", "a battered top hat"],
    "A sweep. A bird perches on a battered top hat.": [],
    "A soldier. A canteen on a canvas strap rests against his hip.": ["A canteen on a canvas strap"],
    "A walker. A dog on a leather leash rests against her leg.": [],
    "**Accessories:** a fan on a wrist cord, a paste tiara. **Setting:** a lamp on a desk.": [
        "a fan on a wrist cord",
        "a paste tiara",
    ],
    "- **Accessories:** a book in her hand, a bone comb": ["a bone comb"],
    # wear and mending
    "A man in a grey jersey with a patched elbow, on a quay.": ["a grey jersey with a patched elbow"],
    "A priest in a black coat shiny at the seams.": ["a black coat shiny at the seams"],
    "A soldier in boots grey with ash.": ["boots grey with ash"],
    "A boy in boots red with cold cheeks.": ["boots"],
    "A farmer in grey trousers held up with rope.": ["grey trousers held up with rope"],
    "A man in a coat held up with one hand.": ["a coat"],
    "A man in glasses held together with tape at the bridge.": ["glasses held together with tape at the bridge"],
    "A child in gloves without fingers.": ["gloves without fingers"],
    "A man in a coat without an umbrella.": ["a coat"],
    "A soldier. He wears a jacket with a corporal's stripes.": ["a jacket with a corporal's stripes"],
    "A woman in a jacket in purple and white wool.": ["a jacket in purple and white wool"],
    "A woman with a single red plait as thick as a rope.": ["a single red plait as thick as a rope"],
    "A man with a thick moustache gone grey at the tips.": ["a thick moustache gone grey at the tips"],
    "A dwarf with a copper beard plaited into three ropes.": ["a copper beard plaited into three ropes"],
    "A performer with false lashes like small fans and hazel eyes.": ["false lashes like small fans", "hazel eyes"],
    # bodies
    "He has a boxer's flat nose and a dancer's long legs.": ["a boxer's flat nose", "a dancer's long legs"],
    "He has a child's red bike.": [],
    "A man with a right arm that ends at the elbow.": ["a right arm that ends at the elbow"],
    "A road that ends at the sea.": [],
    "She is small and strong in the shoulders.": ["small", "strong in the shoulders"],
    "He is huge, thick-necked, and past fifty.": ["huge", "thick-necked", "past fifty"],
    "A man walks past fifty houses.": [],
    "The woman has a full figure.": ["a full figure"],
    "A full figure shot of a man.": [],
    "An old man with ears grown large with age.": ["old", "ears grown large with age"],
    # somebody else's
    "A tailor works. A dummy in a dinner jacket stands behind him.": [],
    "A man swims. The pool is blue, and an official in a cream blazer waits.": [],
    "A woman smiles. A close-up in a red coat.": ["smiles", "a red coat"],
    "A man holds the leash of a white borzoi whose coat is brushed.": [],
    "A man in a hall, whose beard is long.": ["whose beard is long"],
    "A warrior. He wears a cape of crow feathers, and a felt hat.": ["a cape of crow feathers", "a felt hat"],
}

LEFT = {
    "A sailor deals cards. His knuckles, lettered with LOVE and HATE, tap the table.": (
        "A sailor deals cards. His knuckles tap the table."
    ),
    "A drummer plays in the square, a barrel of a man with a shaved head.": "A drummer plays in the square.",
    "A barrel of a man with a shaved head drums in the square.": "A barrel of a man drums in the square.",
    "A farmer in black trousers hitched up with string walks past.": "A farmer walks past.",
    "A chess player sits under the trees with his back to a wall, his white beard cut square.": (
        "A chess player sits under the trees with his back to a wall."
    ),
    "A mechanic works. His jacket lies folded on the bonnet.": "A mechanic works. His jacket lies folded on the bonnet.",
    "A sweep. Brass goggles perch on a battered top hat.": "A sweep.",
    "An orc sits on a rock, two chipped tusks jut from his lower jaw, and he waits.": "An orc sits on a rock, and he waits.",
}


@pytest.mark.parametrize("caption", FOUND)
def test_found(caption: str) -> None:
    assert [span.text for span in find_spans(caption)] == FOUND[caption]


@pytest.mark.parametrize("caption", LEFT)
def test_left(caption: str) -> None:
    assert without_appearance(caption) == LEFT[caption]
