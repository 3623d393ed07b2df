"""Messages as Standard Webhooks has them: an id that stays the same when it is sent again, a time, and a signature."""

import base64
import secrets
from uuid import UUID

from standardwebhooks import Webhook as Signer

from app import clock

_BYTES = 32


def fresh_secret() -> str:
    """A new secret, in the form that libraries take."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def message_id(webhook: UUID, seq: int) -> str:
    """The id of an entry as one webhook gets it, however often."""
    return f"msg_{webhook.hex}_{seq}"


def headers(webhook: UUID, secret: str, seq: int, body: bytes) -> dict[str, str]:
    """The headers of a message that is sent now."""
    id, now = message_id(webhook, seq), clock.now()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Plenary-Webhooks/1",
        "Accept-Encoding": "identity",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signer(secret).sign(id, now, body.decode()),
    }
