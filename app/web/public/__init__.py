"""What a consultation shows beside its discussion, and what the service shows of itself."""
