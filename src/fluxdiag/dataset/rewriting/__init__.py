"""A caption without what was found in it, as a careful human would leave it.

rewrite.py            the caption without it          clauses.py, said_of.py  what depends on a description and goes with it
rules.py, parts.py    the words around a hole         sentences.py            what is left of a sentence
finite.py             whether words make a sentence   subject.py              the trigger as the subject
"""
