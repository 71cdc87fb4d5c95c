"""Imports: what came in by file or webhook, how much of it was taken, and each thing that was not, with the reason."""
