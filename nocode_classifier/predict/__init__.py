"""Runs a trained model folder with Pillow, numpy and onnxruntime alone."""
