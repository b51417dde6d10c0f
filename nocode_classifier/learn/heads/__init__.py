"""The classifying head: what it sees, how it is fitted, cross-validated and calibrated."""
