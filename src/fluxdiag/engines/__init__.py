"""The only place that imports model libraries. Importing it mends torchvision first; see `torchvision_mend`.

It also switches off onnxruntime's telemetry: since 1.29 its wheels leave a device id in the user's cache and send model
names to Microsoft. The library reads the variable when it is imported, so this has to come before.
"""

import os

from fluxdiag.engines.torchvision_mend import mend_torchvision

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
mend_torchvision()
