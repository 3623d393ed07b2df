"""Following: what somebody wants to hear of, and how often. Nobody else learns who follows what.

`actions` begins, changes and ends it; `matching` finds who wants to be told of a contribution; what is new is read in
`readings/followed.py`.
"""
