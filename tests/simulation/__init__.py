"""An invented day round the real bot, in virtual time; see `tests/simulator.py`."""
