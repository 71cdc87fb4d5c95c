CREATE OR REPLACE FUNCTION "refuse_to_forget"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER "journal_is_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "journal" EXECUTE FUNCTION "refuse_to_forget"();
CREATE TRIGGER "stock_move_is_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "stock_move" EXECUTE FUNCTION "refuse_to_forget"();
CREATE TRIGGER "scan_is_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "scan" EXECUTE FUNCTION "refuse_to_forget"();
