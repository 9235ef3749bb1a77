-- function households_merge
CREATE FUNCTION households_merge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.merged_into_id IS NOT NULL AND (EXISTS (SELECT 1 FROM households AS target WHERE target.id = NEW.merged_into_id AND target.merged_into_id IS NOT NULL) OR EXISTS (SELECT 1 FROM households AS earlier WHERE earlier.merged_into_id = NEW.id)) THEN RAISE EXCEPTION 'households_merge' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
-- trigger households_merge
CREATE TRIGGER households_merge BEFORE UPDATE OF merged_into_id ON households FOR EACH ROW EXECUTE FUNCTION households_merge()
