"""One file per trainer: its setup in our words, its config dialect, how it is started and what it leaves behind."""
