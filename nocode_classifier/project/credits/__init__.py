"""Where the photos of a project are from."""
