"""What is held about somebody for what they did in a role: parts of the file that they may download."""
