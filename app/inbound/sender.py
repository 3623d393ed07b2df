"""Who sent a mail, as far as that can be believed: what the trusted server found out about it."""

from typing import Literal

import authres

from app.config import settings

# `none`: the trusted server says nothing either way, or there is no such server.
Verdict = Literal["pass", "fail", "none"]
_LONGEST = 10_000  # characters of a header


def verdict(results: tuple[str, ...], sender: str | None) -> Verdict:
    """What the trusted server says about the address in From (RFC 8601). `results` has the latest server's first.

    DMARC counts where it was asked; else a signature or a sending server of the sender's own domain. Others' headers
    are not looked at: whoever sends a mail can write them.
    """
    trusted, domain = settings().mail_authserv.lower(), (sender or "").rpartition("@")[2]
    if not trusted or not domain:
        return "none"
    found = [result for written in results for result in _trusted(written, trusted)]
    dmarc = next((each.result for each in found if each.method == "dmarc" and each.result in ("pass", "fail")), None)
    if dmarc is not None:
        return "pass" if dmarc == "pass" else "fail"
    own = [(each.result, _is_of(each, domain)) for each in found if each.method in ("dkim", "spf")]
    if ("pass", True) in own:
        return "pass"
    return "fail" if any(result in ("fail", "permerror") for result, _own in own) else "none"


def _trusted(written: str, server: str) -> list[authres.AuthenticationResult]:
    """The results in a header, if it is the trusted server's. Several are: one for each check."""
    try:
        header = authres.AuthenticationResultsHeader.parse_value(written[:_LONGEST])
    except Exception:  # noqa: BLE001  # the library raises whatever it met: what it cannot read says nothing
        return []
    return header.results if str(header.authserv_id).lower() == server else []


def _is_of(result: authres.AuthenticationResult, domain: str) -> bool:
    """Whether a result is about the domain in From, or one above it."""
    said = getattr(result, "header_d", None) if result.method == "dkim" else getattr(result, "smtp_mailfrom", None)
    whose = str(said or "").rpartition("@")[2].lower()
    return "." in whose and (domain == whose or domain.endswith(f".{whose}"))
