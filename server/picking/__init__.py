"""Picking: bin, SKU, lot, quantity, tote: confirmed one by one, on phones and cameras, online or not."""
