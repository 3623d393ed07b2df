"""What organisers do beside setting up (`setup/`): people, papers, notices, invitations, institutions."""
