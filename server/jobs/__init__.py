"""Jobs: durable work that is done later or outside the house."""
