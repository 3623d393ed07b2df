"""How contributions come."""

OF_OTHERS = ("meeting", "paper", "process")  # what somebody else said than who entered it
