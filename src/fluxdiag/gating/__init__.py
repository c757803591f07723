"""The room of the publishing gate: a policy's lines against a run's numbers, and what to tell whom about it."""
