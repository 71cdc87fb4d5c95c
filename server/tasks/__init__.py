"""Tasks: what a person may be given next, and who has it."""
