"""Every promise about speed, accuracy and memory, measured by one command: `run.py`."""
