"""Many edits or checkpoints tried beside one another: what `repair.py` and `sweep.py` share.

checkpoints.py    which checkpoints a training has left
rounds.py         pictures in rounds, none of them drawn twice
trials.py         what each trial shows of the person, and what an edit costs
candidates.py     which edits to try, and which of those tried is best
search.py         repair's search, coarse to fine
sweep_records.py  what a sweep says        sweep_page.py  the same as a page
"""
