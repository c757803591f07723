"""The photos of a training set under the lens: what is wrong with each, with the set, and what to keep. No model is loaded here.

files.py      which files are photos       reading.py    one file -> PhotoFacts (pixels.py: its numbers)
records.py    what an audit holds          cache.py      facts by content: the second look is free
bucketing.py  what a trainer cuts off      people.py     is it the same person throughout
photoset.py   the set that checks see      checks/       one file per family, one function per check
curate.py     keep list, shopping list     references.py trained-on references, the next split
remembered.py faces and CLIP from the cache, without a model library
"""
