"""Mail that comes in: replies, new contributions and commands, through the same actions as every other surface."""
