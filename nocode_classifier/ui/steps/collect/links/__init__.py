"""Photos by a list of their addresses."""
