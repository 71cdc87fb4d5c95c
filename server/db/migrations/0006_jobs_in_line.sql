CREATE INDEX "job_state_kind_due" ON "job" ("state", "kind", "due", "id");
DROP INDEX "job_state";
