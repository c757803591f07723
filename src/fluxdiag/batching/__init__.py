"""Many LoRAs in one call: what `batch.py` is made of.

manifest.py    which LoRAs there are, and what is told of each
drawing.py     one after the other in this process, the base loaded once     workers.py    in one process a card
records.py     what goes to a worker and comes back; what a batch says
rows.py        a run folder as a row                                         page.py       all rows as a page
"""
