"""The record as anyone may read and check it: changes, tiles, checkpoints, proofs, the public log."""
