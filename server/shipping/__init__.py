"""Shipping: labels, tracking, the door and the manifest."""
