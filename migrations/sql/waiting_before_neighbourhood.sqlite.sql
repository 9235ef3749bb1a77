-- drop trigger kept_waiting_referrals_insert
DROP TRIGGER kept_waiting_referrals_insert

-- drop trigger kept_waiting_referrals_update
DROP TRIGGER kept_waiting_referrals_update

-- drop trigger kept_waiting_referrals_delete
DROP TRIGGER kept_waiting_referrals_delete

-- what was counted
DELETE FROM kept_counts WHERE name = 'waiting'

-- what was to be added
DELETE FROM count_changes WHERE name = 'waiting'

-- trigger kept_waiting_referrals_insert
CREATE TRIGGER kept_waiting_referrals_insert AFTER INSERT ON referrals BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'waiting', NEW.device_kind, CAST(NEW.school_children AS TEXT), COALESCE(NEW.situation, '') || ' ' || COALESCE(NEW.usage, ''), 1 WHERE NEW.state = 'waiting' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END

-- trigger kept_waiting_referrals_update
CREATE TRIGGER kept_waiting_referrals_update AFTER UPDATE OF state, device_kind, school_children, situation, usage ON referrals WHEN NEW.state IS NOT OLD.state OR NEW.device_kind IS NOT OLD.device_kind OR NEW.school_children IS NOT OLD.school_children OR NEW.situation IS NOT OLD.situation OR NEW.usage IS NOT OLD.usage BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'waiting', OLD.device_kind, CAST(OLD.school_children AS TEXT), COALESCE(OLD.situation, '') || ' ' || COALESCE(OLD.usage, ''), -1 WHERE OLD.state = 'waiting' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; INSERT INTO kept_counts (name, a, b, c, n) SELECT 'waiting', NEW.device_kind, CAST(NEW.school_children AS TEXT), COALESCE(NEW.situation, '') || ' ' || COALESCE(NEW.usage, ''), 1 WHERE NEW.state = 'waiting' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END

-- trigger kept_waiting_referrals_delete
CREATE TRIGGER kept_waiting_referrals_delete AFTER DELETE ON referrals BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'waiting', OLD.device_kind, CAST(OLD.school_children AS TEXT), COALESCE(OLD.situation, '') || ' ' || COALESCE(OLD.usage, ''), -1 WHERE OLD.state = 'waiting' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END

-- first count
INSERT INTO kept_counts (name, a, b, c, n) SELECT 'waiting' AS name, a, b, c, count(*) AS n FROM (SELECT one.device_kind AS a, CAST(one.school_children AS TEXT) AS b, COALESCE(one.situation, '') || ' ' || COALESCE(one.usage, '') AS c FROM referrals AS one WHERE one.state = 'waiting') AS each_row GROUP BY a, b, c
