"""Addresses beside the page: scripts, photos, credits, downloads, and who may ask for them."""
