"""The coding desk and the code book."""
