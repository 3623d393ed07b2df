"""What every page stands on: one visit, templates, protection, the cache, forms, faults, words."""
