"""The training set: where photos and captions lie, whether they can be read, and what the captions say of the person.

layout.py       folders, sidecars          photos.py    images and captions as records
lexicon/        words for looks            spans.py     where a caption describes the person
rewrite.py      the caption without it     mined.py     what most captions say of the person
trigger.py      which words stand for the person
bundles.py      captions of any layout         habits.py      what a whole set of captions shows
language.py     other languages, unjudged      subject.py     the trigger as the subject
trigger_score.py  does the base know the trigger   base_tokens.py  what its tokenizers make of it
configs.py      trainers' configs that name folders
"""

from fluxdiag.dataset.mined import mined_description
from fluxdiag.dataset.photos import Reading, read_folder
from fluxdiag.dataset.rewrite import without_appearance
from fluxdiag.dataset.spans import find_spans

__all__ = ["Reading", "find_spans", "mined_description", "read_folder", "without_appearance"]
