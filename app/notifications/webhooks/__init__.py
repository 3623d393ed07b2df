"""Webhooks: entries of a public record, sent to the addresses that moderators gave, in order, until they are taken.

`actions` makes and removes them, `courier` follows the record for each, `connecting` talks to whatever is there.
"""
