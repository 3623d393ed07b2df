"""Pages that the links in mails open, without signing in; looking changes nothing."""
