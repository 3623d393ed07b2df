"""Meetings, held and to come, and the calendars that they are in."""
