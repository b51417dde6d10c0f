"""Handing a finished classifier on: exports, the page that runs by itself, Hugging Face."""
