"""Codes and what they are on, for rapporteurs."""
