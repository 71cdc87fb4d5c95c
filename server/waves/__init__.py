"""Waves: shipments planned together, walked well, put on the floor."""
