-- drop trigger kept_waiting_referrals_insert
DROP TRIGGER kept_waiting_referrals_insert ON referrals

-- drop function kept_waiting_referrals_insert
DROP FUNCTION kept_waiting_referrals_insert()

-- drop trigger kept_waiting_referrals_update
DROP TRIGGER kept_waiting_referrals_update ON referrals

-- drop function kept_waiting_referrals_update
DROP FUNCTION kept_waiting_referrals_update()

-- drop trigger kept_waiting_referrals_delete
DROP TRIGGER kept_waiting_referrals_delete ON referrals

-- drop function kept_waiting_referrals_delete
DROP FUNCTION kept_waiting_referrals_delete()

-- what was counted
DELETE FROM kept_counts WHERE name = 'waiting'

-- what was to be added
DELETE FROM count_changes WHERE name = 'waiting'

-- function kept_waiting_referrals_insert
CREATE FUNCTION kept_waiting_referrals_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'waiting', fresh.device_kind, CAST(fresh.school_children AS TEXT), COALESCE(fresh.situation, '') || ' ' || COALESCE(fresh.usage, ''), count(*) FROM fresh WHERE fresh.state = 'waiting' GROUP BY 2, 3, 4; RETURN NULL; END $$

-- trigger kept_waiting_referrals_insert
CREATE TRIGGER kept_waiting_referrals_insert AFTER INSERT ON referrals REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_waiting_referrals_insert()

-- function kept_waiting_referrals_update
CREATE FUNCTION kept_waiting_referrals_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'waiting', OLD.device_kind, CAST(OLD.school_children AS TEXT), COALESCE(OLD.situation, '') || ' ' || COALESCE(OLD.usage, ''), -1 WHERE OLD.state = 'waiting' UNION ALL SELECT 'waiting', NEW.device_kind, CAST(NEW.school_children AS TEXT), COALESCE(NEW.situation, '') || ' ' || COALESCE(NEW.usage, ''), 1 WHERE NEW.state = 'waiting'; RETURN NULL; END $$

-- trigger kept_waiting_referrals_update
CREATE TRIGGER kept_waiting_referrals_update AFTER UPDATE OF state, device_kind, school_children, situation, usage ON referrals FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state OR NEW.device_kind IS DISTINCT FROM OLD.device_kind OR NEW.school_children IS DISTINCT FROM OLD.school_children OR NEW.situation IS DISTINCT FROM OLD.situation OR NEW.usage IS DISTINCT FROM OLD.usage) EXECUTE FUNCTION kept_waiting_referrals_update()

-- function kept_waiting_referrals_delete
CREATE FUNCTION kept_waiting_referrals_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'waiting', OLD.device_kind, CAST(OLD.school_children AS TEXT), COALESCE(OLD.situation, '') || ' ' || COALESCE(OLD.usage, ''), -1 WHERE OLD.state = 'waiting'; RETURN NULL; END $$

-- trigger kept_waiting_referrals_delete
CREATE TRIGGER kept_waiting_referrals_delete AFTER DELETE ON referrals FOR EACH ROW EXECUTE FUNCTION kept_waiting_referrals_delete()

-- first count
INSERT INTO kept_counts (name, a, b, c, n) SELECT 'waiting' AS name, a, b, c, count(*) AS n FROM (SELECT one.device_kind AS a, CAST(one.school_children AS TEXT) AS b, COALESCE(one.situation, '') || ' ' || COALESCE(one.usage, '') AS c FROM referrals AS one WHERE one.state = 'waiting') AS each_row GROUP BY a, b, c
