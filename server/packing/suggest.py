"""Which carton a shipment fits: the pure search lies in cartons.py; this turns our structs into its own."""
