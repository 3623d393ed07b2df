"""With what a file is sent: to be saved and not shown; whoever shows it all the same does so in a sandbox."""

from urllib.parse import quote

_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def headers_for(name: str) -> dict[str, str]:
    """The HTTP headers for a file of this name (RFC 6266 for the name, CSP 3 for the sandbox)."""
    plain = "".join(each if each.isascii() and each not in '"\\%' else "_" for each in name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
