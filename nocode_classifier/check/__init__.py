"""Honest figures: accuracy with its interval, folds that keep near duplicates together."""
