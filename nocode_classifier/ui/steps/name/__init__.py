"""Name: the things to tell apart."""
