"""fluxdiag: find out why a FLUX.1 character LoRA failed, and prove the fix.

Every verb of the command line is an importable function in the module of its name (`fluxdiag.report`,
`fluxdiag.gather`, ...); `fluxdiag.records` says what flows between them.
"""

__version__ = "0.1.0"
