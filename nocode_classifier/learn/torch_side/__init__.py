"""What needs PyTorch: the networks themselves, their way to ONNX, their fine-tuning.

Modules here import torch with the file, and therefore run in a process of their own: the app never
imports this package, it starts `python -m nocode_classifier.learn.torch_side...`.
"""
