"""Pieces of page that Gradio does not have."""
