"""Following: what somebody wants to hear of, and how often. Nobody else learns who follows what.

`actions` begins, changes and ends it; what is new in it is read in `readings/followed.py`.
"""
