"""One contribution, as the documentation shows it."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "id": "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11", "number": 42, "url": "https://example.org/c/mayoral-forum-2016/42",
    "consultation": "mayoral-forum-2016", "topic": "inclusion", "thread": "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11",
    "parent": None, "depth": 0, "kind": "proposal", "title": "Un registro compartido", "body": "Texto en *Markdown*.",
    "html": "<p dir=\"auto\">Texto en <em>Markdown</em>.</p>\n", "language": "es", "translations": [],
    "recommendation": None, "questions": ["inclusion.a"], "byline": "organisation", "author": None,
    "capacity": "organisation",
    "organisation": {"id": "01985d2e-0000-7000-8000-000000000001", "name": "Sample network", "kind": "diaspora",
                     "country": "PH", "region": "Asia", "mandate": "claimed"},
    "places": [{"city": "Quezon City", "country": "PH", "role": "destination"}], "channel": "web", "provenance": None,
    "status": "published", "revision": 1, "waiting": None, "created": "2016-07-26T09:00:00Z",
    "published": "2016-07-26T10:30:00Z", "updated": "2016-07-26T10:30:00Z", "replies": 3, "endorsements": 1,
    "endorsing_organisations": [{"id": "01985d2e-0000-7000-8000-000000000002", "name": "Sample union", "kind": "union",
                                 "country": "ES", "region": "Europe"}],
    "tags": [], "seq": 117, "commitment": {"seq": 117, "salt": "00" * 32, "hash": "11" * 32},
    "attachments": [{"id": "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e12",
                     "url": "/attachments/01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e12", "name": "attachment.pdf",
                     "type": "application/pdf", "size": 48211, "hash": "22" * 32}],
}  # fmt: skip
