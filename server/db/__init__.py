"""Storage: one engine, one kind of transaction, the oplog, the journal."""
