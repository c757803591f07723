"""The only place that imports model libraries. Importing it mends torchvision first; see `torchvision_mend`.

It also switches off onnxruntime's telemetry: since 1.29 its wheels leave a device id in the user's cache and send model
names to Microsoft. The library reads the variable when it is imported, so this has to come before. And insightface calls
a function of scikit-image by an old name, a warning that the user can do nothing about.
"""

import os
import warnings

from fluxdiag.engines.torchvision_mend import mend_torchvision

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
warnings.filterwarnings("ignore", category=FutureWarning, module=r"insightface\.utils\.face_align")
mend_torchvision()
