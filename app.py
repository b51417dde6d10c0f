"""Starts the app: `python app.py`. Also the entry of a Gradio Space."""

from __future__ import annotations

from nocode_classifier.main import run

if __name__ == "__main__":
    run()
