"""What the tables of a project's database hold, one file a table."""
