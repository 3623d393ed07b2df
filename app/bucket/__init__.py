"""An S3-compatible bucket for the bytes of files, where one is set; without, they stay in the database.

Files are saved with what lists them, in one transaction, and moved out by the worker after. The database notes what a
row kept in the bucket when it gives that up, however it does, and the worker removes it there. So nothing is lost
between the two, and nothing is left behind.
"""
