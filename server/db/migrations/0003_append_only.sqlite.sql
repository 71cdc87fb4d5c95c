CREATE TRIGGER "journal_is_kept_update" BEFORE UPDATE ON "journal" BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER "journal_is_kept_delete" BEFORE DELETE ON "journal" BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER "stock_move_is_kept_update" BEFORE UPDATE ON "stock_move" BEGIN SELECT RAISE(ABORT, 'stock_move is append-only'); END;
CREATE TRIGGER "stock_move_is_kept_delete" BEFORE DELETE ON "stock_move" BEGIN SELECT RAISE(ABORT, 'stock_move is append-only'); END;
CREATE TRIGGER "scan_is_kept_update" BEFORE UPDATE ON "scan" BEGIN SELECT RAISE(ABORT, 'scan is append-only'); END;
CREATE TRIGGER "scan_is_kept_delete" BEFORE DELETE ON "scan" BEGIN SELECT RAISE(ABORT, 'scan is append-only'); END;
