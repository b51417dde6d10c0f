"""Photos from the camera."""
