"""What moderators see: what waits, each text in its context, flags, appeals, sources; and what was decided."""
