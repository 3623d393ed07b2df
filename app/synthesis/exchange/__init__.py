"""Codes and codings from a file: what of it fits this consultation, what would be new, and letting that happen.

First a plan, which changes nothing and can be shown; then the same plan, made anew and carried out. The files
themselves are read and written by `synthesis/qdpx/`.
"""
