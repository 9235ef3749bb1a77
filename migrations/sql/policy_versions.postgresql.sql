-- function policy_versions_refuse
CREATE FUNCTION policy_versions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'policy versions are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$

-- trigger policy_versions_append_only
CREATE TRIGGER policy_versions_append_only BEFORE UPDATE OR DELETE ON policy_versions FOR EACH ROW EXECUTE FUNCTION policy_versions_refuse()

-- trigger policy_versions_no_truncate
CREATE TRIGGER policy_versions_no_truncate BEFORE TRUNCATE ON policy_versions FOR EACH STATEMENT EXECUTE FUNCTION policy_versions_refuse()
