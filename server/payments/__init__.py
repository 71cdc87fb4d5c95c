"""Payments: an order is not released until it is paid, or on account."""
