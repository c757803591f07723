"""The file: whatever dialect a trainer wrote, one canonical state dict; what its header says. No torch here, no pickles ever.

container.py   dtypes.py   the safetensors format: header, tensors as float32
adapters.py    suffixes: which tensors belong to one adapted layer; the forms that are refused, by name
names.py       what a layer is called: Black Forest Labs' names -> diffusers', fused layers, text encoders
dialects.py    prefix x names: one table
families.py    LoRAs for other models          geometry.py   FLUX.1's shapes
forms.py       how a layer's weights change: LoRA, LoKr, LoHa, whole; dora.py   the magnitude on top
stored.py      alpha.py   unfuse.py   from a layer's tensors to its form, scale folded in, fused layers parted
reader.py      all of it together: read_lora; model.py   what comes of it; recorded.py   the same as a record
header.py      settings.py   what the metadata says; beside.py   what lies beside the file; origin.py   which trainer, which base
elsewhere.py   what diffusers would do with the file
spectrum.py    energy.py   health.py   survey.py   singular values, where the change sits, what is wrong with the numbers
factors.py     edits.py   scale, truncate, keep or drop blocks
fuse.py        lycoris.py   carried.py   storage.py   write.py   back into a file of diffusers' or kohya's dialect
"""

from fluxdiag.lora.model import Lora, LoraModule
from fluxdiag.lora.reader import read_lora
from fluxdiag.lora.recorded import lora_file

__all__ = ["Lora", "LoraModule", "lora_file", "read_lora"]
