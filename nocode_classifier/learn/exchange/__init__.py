"""A finished model's network in the forms other programs read: PyTorch, fastai, Core ML, LiteRT."""
