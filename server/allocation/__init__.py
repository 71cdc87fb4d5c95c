"""Allocation: which warehouse and which bins serve a line, and what has to wait."""
