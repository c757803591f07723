"""The one stage that draws: what `gather.py` needs to make pictures and to know when there are enough.

pictures.py    a case's pictures drawn, read by faces and CLIP, and written down; losses too
base_cache.py  pictures of the base alone, drawn once for all LoRAs
in_rounds.py   draw, measure, ask, draw again
stopping.py    whether the verdict is settled, and what is drawn next if not
wanted.py      which measurements could still change it
"""
