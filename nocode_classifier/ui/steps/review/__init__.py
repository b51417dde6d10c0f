"""Review: look through the photos."""
