"""Where a caption describes the person: a small grammar over lists of words, from words up to whole captions.

lexicon/                    words for looks, clothes, people, moods, tags
grammar.py  tokens.py       what part a word can play; a caption as words
naming.py  phrases.py       noun phrases: beings, the body and its parts (no_look.py: nouns that only look like one)
tails.py  hair_tails.py     what is told of a part of the body, or of hair, after its noun
adjectives.py  ages.py  expressions.py    what is told of the person before or without a noun
garments.py  garment_states.py  garment_tails.py    noun phrases of clothes, what state they are in, what follows them
wardrobe.py  worn_or_not.py  held.py    which clothes the person wears
clauses.py  clause_parts.py  clause_ends.py    clauses of looks: `Her eyes are green`
upon.py  bearing.py  asides.py  subjects.py    what is on the body: `Clay is splattered across her forearms`
tags.py                     parts between commas
resumed.py                  what the next sentences go on to say
cast.py  owners.py          who is in the picture, and whose looks a phrase describes
spans.py                    all of these over one caption
"""
