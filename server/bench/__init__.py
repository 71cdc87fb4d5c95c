"""`pickwave bench`: how fast, how big and how steady the real product is, beside the most that the machine could do."""
