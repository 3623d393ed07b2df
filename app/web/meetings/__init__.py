"""Meetings, held and to come: announced, registered for, reported."""
