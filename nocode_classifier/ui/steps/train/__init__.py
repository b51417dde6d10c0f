"""Train: the choice of how hard to try, starting, measuring, advice, past runs."""
