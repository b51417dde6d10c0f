"""Files, folders and archives, dropped on the page or chosen."""
