"""What anyone may read of what was said: threads, lists, search, feeds, and each text's history."""
