"""A caption without what was found in it, as a careful human would leave it.

rewrite.py, holes.py  the caption without it          clauses.py, said_of.py  what depends on a description and goes with it
going_along.py        what is said of it beside the sentence   closing.py   how a hole is closed
leaning.py            clauses that cannot stand without it        feet.py      a shoe that tells where the foot is
starts.py             where it begins: whose it is           commas.py    whether a comma stays
rules.py, parts.py    the words around a hole         sentences.py            what is left of a sentence
somebody.py           what somebody does beside his looks    pronouns.py      the noun for an `it`
finite.py             whether words make a sentence   subject.py              the trigger as the subject
shorthand.py          `w/` for the rules is `with`
"""
