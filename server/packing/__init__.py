"""Packing and weighing: totes become parcels that weigh what they should."""
