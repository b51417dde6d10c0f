"""The `.nocode` file: one whole project to take to another computer."""
