"""The moderators' desk, and what they do besides."""
