"""The append-only record: one public and one staff log per consultation, one service log for all.

`append` writes, `kinds` is the closed vocabulary, `commitments` the hashes. Public reading: `readings/record/`.
`tree`, `tiles` and `notes` make it verifiable (docs/record.md): `tiling` stores what the worker hashed, `signing` keeps
the key, and `verifying` is what somebody else does with all of it.
"""

from app.record.log import (
    Draft,
    Turn,
    append,
    begin,
    ensure_service_log,
    entry,
    hold,
    log_id,
    public_form,
    seal,
    size,
    take_turn,
    write,
)

__all__ = [
    "Draft", "Turn", "append", "begin", "ensure_service_log", "entry", "hold", "log_id", "public_form", "seal", "size",
    "take_turn", "write",
]  # fmt: skip
