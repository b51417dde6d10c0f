"""Addresses beside the page: photos, samples, credits, downloads, and who may ask for them."""
