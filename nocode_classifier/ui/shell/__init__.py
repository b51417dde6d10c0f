"""What stays around the steps: the header, the bar of the running job, the poll for changes."""
