"""What is made of what people said."""
