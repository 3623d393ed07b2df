"""What organisers do and post: setting up, roles, documents, notices, invitations; and what is public of it."""
