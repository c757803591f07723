"""`fluxlab cure`: does the cure work? Every planted LoRA is reported on, retrained as prescribed, reported on again, compared."""
