"""`python3 -m app.printing FORM`: what `apart` starts. A document comes in, its file goes out."""

import pickle
import sys

from app.printing.docx import docx_file
from app.printing.pdf import pdf

_FORMS = {"pdf": pdf, "docx": docx_file}

document, made = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own process, and from nowhere else
sys.stdout.buffer.write(_FORMS[sys.argv[1]](document, made))
