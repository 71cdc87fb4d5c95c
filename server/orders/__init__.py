"""Orders: what was bought, its lines and shipments, and the channels it comes from."""
