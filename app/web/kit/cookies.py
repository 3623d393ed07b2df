"""The cookies of pages: who is signed in, and which browser this is. HttpOnly, SameSite=Lax, `__Host-` over https."""

from fastapi import Request, Response

SESSION, BROWSER, ASKED = "plenary_session", "plenary_browser", "plenary_asked"
LANGUAGE = "plenary_language"
SESSION_LASTS = 90 * 86_400
BROWSER_LASTS = 400 * 86_400  # the longest that browsers keep a cookie
ASKED_LASTS = 20 * 60


def is_secure(request: Request) -> bool:
    """Whether people reach this service over https."""
    base: str | None = request.app.state.base_url
    return base.startswith("https:") if base else request.scope["scheme"] == "https"


def read(request: Request, name: str) -> str | None:
    """The cookie's value, None where there is none."""
    return request.cookies.get(_full(request, name)) or None


def write(request: Request, response: Response, name: str, value: str, lasts: int) -> None:
    """Set a cookie for `lasts` seconds."""
    response.set_cookie(
        _full(request, name), value, max_age=lasts, path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )


def forget(request: Request, response: Response, name: str) -> None:
    """Delete a cookie."""
    response.delete_cookie(_full(request, name), path="/", secure=is_secure(request), httponly=True, samesite="lax")


def _full(request: Request, name: str) -> str:
    return f"__Host-{name}" if is_secure(request) else name
