"""What the bundled networks make of pictures of all kinds, to tell where strangers begin.

The package has numbers only; SOURCES.md beside them names the pictures and their licences.
"""
