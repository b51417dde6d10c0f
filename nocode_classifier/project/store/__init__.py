"""The ground of a project: its database, its files and how they are put in place."""
