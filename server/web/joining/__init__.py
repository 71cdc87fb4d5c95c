"""How a device joins: one page over plain HTTP with the authority's certificate, its fingerprint, and what to tap."""
