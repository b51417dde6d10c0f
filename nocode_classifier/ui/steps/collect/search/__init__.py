"""Finding photos on the web."""
