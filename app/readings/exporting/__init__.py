"""Everything public as files: the formats, and what goes with them."""
