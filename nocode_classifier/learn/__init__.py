"""From photos to a model and its honest figures: backbones, the graph, features, head, folds."""
