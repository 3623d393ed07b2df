"""The public record, its proofs, and the public moderation log."""
