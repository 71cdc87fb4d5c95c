"""Catalog: SKUs, the codes that mean them, and what they weigh."""
