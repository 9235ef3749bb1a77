-- function organisations_merge
CREATE FUNCTION organisations_merge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.merged_into_id IS NOT NULL AND (EXISTS (SELECT 1 FROM organisations AS target WHERE target.id = NEW.merged_into_id AND target.merged_into_id IS NOT NULL) OR EXISTS (SELECT 1 FROM organisations AS earlier WHERE earlier.merged_into_id = NEW.id)) THEN RAISE EXCEPTION 'organisations_merge' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- trigger organisations_merge
CREATE TRIGGER organisations_merge BEFORE UPDATE OF merged_into_id ON organisations FOR EACH ROW EXECUTE FUNCTION organisations_merge()
