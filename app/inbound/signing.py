"""Whether a message is signed as Standard Webhooks have it. The library takes text alone, and mail is bytes."""

import base64
import binascii
import hmac
from collections.abc import Mapping

from app import clock

_TOLERANCE = 300  # seconds


def is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the signatures was made with this secret (`whsec_…`), of this body, within the last minutes."""
    id, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id or not (sent.isascii() and sent.isdigit() and len(sent) < 12):
        return False
    if abs(clock.now().timestamp() - int(sent)) > _TOLERANCE:
        return False
    expected = signature(secret, id, int(sent), body)
    given = headers.get("webhook-signature", "").encode(errors="replace").split(b" ")
    return any(hmac.compare_digest(each, expected.encode()) for each in given[:10])


def signature(secret: str, id: str, sent: int, body: bytes) -> str:
    """The signature of a message. Raises ValueError for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    except binascii.Error:
        raise ValueError("the secret is whsec_ and base 64") from None
    if not key:
        raise ValueError("the secret is empty")
    made = hmac.digest(key, f"{id}.{sent}.".encode(errors="replace") + body, "sha256")
    return "v1," + base64.b64encode(made).decode()
