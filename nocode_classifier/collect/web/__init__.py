"""Getting photos from the web: politely, with limits, and never from inside the own network."""
