"""What `cli.py` offers, one short command per verb: options in, the verb called, lines on stderr and answers on stdout out."""
