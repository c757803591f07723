"""Where a caption describes the person: phrases with their kind, by a small grammar over the words of `lexicon/`.

spans.py       all of it over one caption
lexicon/       lists of words                   grammar.py        what part each word can play
tokens.py      words and their places           tags.py           parts between commas that are descriptions as a whole
sections.py    `**Hair:** .. **Mood:** ..`      headings.py       what a heading says about what stands under it
naming.py      nouns for beings                 cast.py           who is named where: known.py, so_far.py,
                                                                  another_word.py, somebody_else.py, focus.py
owners.py      whose looks a phrase describes
phrases.py     noun phrases of the body         tails.py          what is told after them (of hair: hair_tails.py,
                                                                  hair_colours.py, hair_places.py)
before_noun.py where those begin                no_look.py        nouns of the body that tell no look
wardrobe.py    after `wearing`, `in`, `with`    worn_or_not.py    garments that nothing announces
worn_by_place.py  `a flower in her hair`        held.py          garments that nobody wears (put_away.py, laid.py)
garments.py    noun phrases of garments         garment_tails.py  what is told after them (garment_details.py,
garment_starts.py  where those begin                              garment_states.py, garment_wear.py)
adjectives.py  `a tall woman`                   told_adjectives.py  `she is tall` (looking_words.py: of which kind)
ages.py        `in her forties`                 expressions.py    smiles and moods (expression_nouns.py)
felt.py        `looking tired`                  fleeting.py       `Her lips are parted`
clauses.py     `Her eyes are a vivid green`     subjects.py       what such clauses begin with
predicates.py  what they say: looks, or a pose  clause_parts.py   clause_ends.py: where they end
upon.py        `Clay is splattered on her arms`  bearing.py       `A burn puckers the skin of his jaw`
strapped.py    `torch strapped to his head`     loose.py          `moustache he refuses to shave`
worn_at.py     `feathers above one ear`         bodies.py         `a barrel of a man`
altered.py     `half of her face replaced by metal`  pieces_on_body.py  `a patch over his left eye`
resumed.py     `[a red gown.] It has long sleeves`
asides.py      `Her hands, knotted by arthritis, work`, `On his head is a hat`
"""
