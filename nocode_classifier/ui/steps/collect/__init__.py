"""Collect: photos come into their classes."""
