"""Customers: who buys, as each channel knows them."""
