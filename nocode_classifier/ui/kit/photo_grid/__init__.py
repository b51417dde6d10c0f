"""The grid of photos that several steps show: what it is given, and what draws it."""
