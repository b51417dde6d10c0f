"""Which photos are near copies of each other."""
