"""The pretrained networks: which there are, where their weights come from, their ONNX graphs."""
