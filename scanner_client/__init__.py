"""The camera scanner: camera -> decode -> steady -> outbox -> link. Of server: protocol and kernel."""
