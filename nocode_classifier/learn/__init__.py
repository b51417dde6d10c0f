"""From photos to a model: backbones, the one graph, features, head, calibration."""
