"""The only place that imports model libraries. Importing it mends torchvision first; see `torchvision_mend`."""

from fluxdiag.engines.torchvision_mend import mend_torchvision

mend_torchvision()
