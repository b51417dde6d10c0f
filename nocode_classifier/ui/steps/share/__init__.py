"""Sharing from the page: a link for others, a page at Hugging Face, files to take along.

`active_shares` remembers what is being shared. `links`, `exports` (with `keeping`) and `publishing`
(with `publish_actions`) say what the page shows of each way, and do what people press; `showing`
has what they have in common.
"""
