"""Two runs of the same probes, before and after.

records.py       what is said of them          changes.py       every measurement's change with its interval
pairs.py         what both have, and likeness prompt by prompt; the gate's regression comes from here too
leaving_out.py   each prompt left out in turn, which the interval of all other changes is made from
predictions.py   what had been promised        verdict.py       better, worse, or not to be told
page.py          terminal.py   how it is shown
"""
