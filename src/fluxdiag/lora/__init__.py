"""The file: whatever dialect a trainer wrote, one canonical state dict; what its header says. No torch here, no pickles ever.

container.py   the safetensors format: header, tensors as float32
adapters.py    suffixes: which tensors belong to one adapted layer; the forms that are not read yet, by name
names.py       what a layer is called: Black Forest Labs' names -> diffusers', fused layers, text encoders
dialects.py    prefix x names: one table
families.py    LoRAs for other models
reader.py      all of it together: read_lora
header.py      settings.py   what the metadata says
beside.py      what lies beside the file
"""

from fluxdiag.lora.model import Lora, LoraModule, lora_file
from fluxdiag.lora.reader import read_lora

__all__ = ["Lora", "LoraModule", "lora_file", "read_lora"]
