"""A whole day against a real server: people with handhelds, stations and a door, simulated from a file of orders."""
