"""The real server under everything that breaks in a warehouse, and the proof that no scan is lost or doubled."""
