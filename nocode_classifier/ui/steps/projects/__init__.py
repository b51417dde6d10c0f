"""Projects: open one, make one, and keep house among them."""
