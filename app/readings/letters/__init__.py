"""What mails need to say, and to whom they go. Words are in `notifications/`."""
