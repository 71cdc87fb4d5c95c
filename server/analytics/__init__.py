"""Figures to look at: read only."""
