"""The predict-only app: a page, a REST server and Gradio's calls, for one trained model.

Needs ONNX Runtime, NumPy, Pillow, FastAPI and Gradio; no torch, no database, no project. What it is
made of is also what a Space or a server folder ships.

- `answering` (`Answering`): a model that answers many people at once.
- `settings` (`Settings`): what is allowed, and how much.
- `routes` and `schemas`: the REST calls; `page` and `site/`: what a browser shows.
- `guard`: keys, sizes and rates, in front of everything.
- `calls` and `lazy_app`: the same model through Gradio's own calls and as an MCP tool, loaded while
  the first photos are being answered already.
- `app` puts these together, `run` serves them.
- `link` (`PublicLink`, `LocalLink`): lets others use it for a while.
"""
