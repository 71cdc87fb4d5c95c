CREATE INDEX "order_line_sku_state" ON "order_line" ("sku", "state");
DROP INDEX "order_line_sku";
CREATE INDEX "pick_line_bin_state" ON "pick_line" ("bin", "state");
DROP INDEX "pick_line_bin";
DROP INDEX "oplog_device";
DROP INDEX "oplog_at";
DROP INDEX "stock_move_at";
