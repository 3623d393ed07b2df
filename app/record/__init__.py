"""The append-only record: one public and one staff log per consultation, one service log for all.

`append` writes, `kinds` is the closed vocabulary, `commitments` the hashes. Reading in public is in `readings/changes.py`.
"""

from app.record.log import Draft, append, append_all, begin, ensure_service_log, log_id, public_form, size, take_numbers

__all__ = ["Draft", "append", "append_all", "begin", "ensure_service_log", "log_id", "public_form", "size", "take_numbers"]
