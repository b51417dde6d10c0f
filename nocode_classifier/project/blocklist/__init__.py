"""Photos that people asked to stay away."""
