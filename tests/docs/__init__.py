"""What the documents say, compared with the program."""
