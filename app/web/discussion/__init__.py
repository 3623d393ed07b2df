"""Reading what was said, and writing, changing, supporting, reporting and translating it."""
