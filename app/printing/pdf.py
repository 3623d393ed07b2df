"""A document as PDF: tagged, with an outline, checked for PDF/UA-1 by typst (ISO 14289-1)."""

import json
from datetime import datetime
from pathlib import Path

import typst

from app.printing.model import Document

_SOURCE = Path(__file__).with_name("document.typ").read_bytes()


def pdf(document: Document, made: datetime) -> bytes:
    """The file. The same document made at the same moment gives the same bytes."""
    data = json.dumps(document.plain(), ensure_ascii=False)
    return bytes(
        typst.compile(
            _SOURCE, format="pdf", sys_inputs={"data": data}, pdf_standards=["ua-1"], timestamp=int(made.timestamp())
        )
    )
