"""What a file is, told by its content: a project or a code book of REFI-QDA, or a code book or gists as CSV."""

from app.synthesis.exchange.csv_codebook import read_codes
from app.synthesis.exchange.csv_table import table
from app.synthesis.exchange.gists import COLUMNS, read_gists
from app.synthesis.qdpx.archive import require_size
from app.synthesis.qdpx.model import Project
from app.synthesis.qdpx.reading import read_codebook, read_project

_MARK = b"\xef\xbb\xbf"


def read(content: bytes) -> Project:
    """What is in a file that somebody sends. Raises Invalid with a sentence that says what is wrong with it."""
    require_size(content)
    if content.startswith(b"PK"):
        return read_project(content)
    if content.removeprefix(_MARK).lstrip().startswith(b"<"):
        return read_codebook(content)
    found = table(content)
    return read_gists(found) if found.columns >= COLUMNS else read_codes(found)
