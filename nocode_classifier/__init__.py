"""nocode-classifier: build an image classifier by clicking, and know how good it really is."""

__version__ = "0.1.0"
