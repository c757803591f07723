"""How often fluxdiag is right: a grid of planted LoRAs, each examined and kept as one line, and the scores of all lines.

cells.py decoys.py    what is planted            examine.py states.py    one LoRA: planted, examined, judged with less
rows.py               one line a LoRA            truth.py                the right answer, which no rule may read
judging.py scores.py baseline.py ablation.py early.py    from lines to figures        page.py document.py    shown
"""
