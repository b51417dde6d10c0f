"""Where photos on the web are found: one module for each service."""
