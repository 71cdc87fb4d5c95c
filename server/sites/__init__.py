"""Sites: warehouses and what stands in them: bins, totes, pack stations, cartons."""
