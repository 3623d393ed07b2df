"""One's own pages: what one wrote, holds, wants to hear; signing in."""
