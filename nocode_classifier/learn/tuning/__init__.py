"""Fine-tuning seen from the app: what is asked of the process that does it, and who won."""
