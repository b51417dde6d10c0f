"""What the Train step does: the choice of how hard to try, starting, measuring, advice, past runs.

What is seen of it is in `ui/components`.
"""
