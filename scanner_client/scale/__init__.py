"""Scales that speak MT-SICS, over a serial port, a pseudo-terminal or TCP, and one that is simulated."""
