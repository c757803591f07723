"""The training set: where photos and captions lie, whether they can be read, and what the captions say of the person.

layout.py  sources.py  configs.py  lists.py  listed.py  bundles.py  photos.py   folders, configs, lists; what lies in them
finding/          where a caption describes the person
rewriting/        the caption without it; its patterns take half a second to compile, so only those who rewrite import it
mined.py  habits.py  language.py    what most captions say of the person, what a whole set shows, other languages
trigger.py  trigger_score.py  base_tokens.py    which words stand for the person, and whether the base knows them
decoding.py  duplicates.py  audit/    the photos: their files, copies of one another, and what is wrong with them

Nothing is imported here: who needs a record of the photos does not pay for the grammar of captions.
"""
