"""Weights of evidence: the log-odds of a cause as a sum of what each measurement says for or against it.

    speaking.py      which measurements may speak for which cause, and in which direction: the science
    calibration.py   what the weights of a base are, where they were fitted, and the file that holds them
    odds.py          evidence and weights -> log-odds, with what moved them
    findings.py      log-odds -> a finding in words
    reach.py         how far the log-odds can still go, so what need not be measured
    deciding.py      which probe would decide between two causes

Fitting them is `fluxdiag/calibrate.py`. Here nothing but the standard library and pydantic: diagnosing takes milliseconds.
"""
