"""What a trained model is worth and gets wrong, which photos are behind it, and what to do next."""
