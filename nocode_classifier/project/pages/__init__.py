"""Pages of HTML that stand for themselves: they need nothing from anywhere, and ask nothing."""
