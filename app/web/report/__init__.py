"""Report and summary: written, published, and made into documents."""
