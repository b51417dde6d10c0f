"""Try: ask the classifier about a photo."""
