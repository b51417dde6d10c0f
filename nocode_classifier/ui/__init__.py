"""The wizard in the browser, built with Gradio."""
