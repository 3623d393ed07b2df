"""Twenty contributions as people write them: those of the sample consultation in English, Spanish and French."""

import json
from importlib.resources import files

_SAMPLE = files("app.consultations") / "definitions" / "sample.jsonl"
_ROWS = map(json.loads, _SAMPLE.read_text("utf-8").splitlines())
TWENTY: list[str] = [row["body"] for row in _ROWS if row["language"] in ("en", "es", "fr")][:20]
