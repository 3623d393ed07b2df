"""Codes and codings as other programs for qualitative analysis write and read them: REFI-QDA, version 1.0.

A project (`.qdpx`) is a zip of `project.qde`, which is XML, and the texts under `sources/`; a code book (`.qdc`) is XML
alone. This package knows the files and nothing of our tables. docs/rapporteurs.md says what is exchanged.
"""
