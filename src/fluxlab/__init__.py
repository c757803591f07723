"""A miniature FLUX.1 world: drawn people, models trained on them from scratch, and LoRAs with a known fault.

It is loaded by `fluxdiag` through the same libraries as FLUX.1-dev, buffalo_l and CLIP; only the paths differ.
"""

import fluxdiag.engines  # noqa: F401  (mends torchvision before any module here imports a model library)
