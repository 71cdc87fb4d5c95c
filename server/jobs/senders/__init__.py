"""What jobs send out of the house: one file a way."""
