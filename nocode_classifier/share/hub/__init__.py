"""Publishing at Hugging Face: signing in, a plan of what will be public, and the Space itself."""
