"""A whole consultation as one file, for a research repository."""
