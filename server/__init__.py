"""Pickwave's server: order management with its hands on the floor."""
