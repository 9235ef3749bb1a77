-- no kept_families_handovers_insert
DROP TRIGGER kept_families_handovers_insert ON handovers

-- no function kept_families_handovers_insert
DROP FUNCTION kept_families_handovers_insert()

-- no kept_families_handovers_update
DROP TRIGGER kept_families_handovers_update ON handovers

-- no function kept_families_handovers_update
DROP FUNCTION kept_families_handovers_update()

-- no kept_families_handovers_delete
DROP TRIGGER kept_families_handovers_delete ON handovers

-- no function kept_families_handovers_delete
DROP FUNCTION kept_families_handovers_delete()

-- no kept_families_referrals_update
DROP TRIGGER kept_families_referrals_update ON referrals

-- no function kept_families_referrals_update
DROP FUNCTION kept_families_referrals_update()

-- function kept_families_handovers_insert
CREATE FUNCTION kept_families_handovers_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= fresh.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', count(*) FROM fresh, allocations AS allocation, referrals AS referral WHERE allocation.id = fresh.allocation_id AND allocation.replaces_id IS NULL AND referral.id = allocation.referral_id AND referral.state = 'served' GROUP BY 2, 3, 4; RETURN NULL; END $$

-- trigger kept_families_handovers_insert
CREATE TRIGGER kept_families_handovers_insert AFTER INSERT ON handovers REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_families_handovers_insert()

-- function kept_families_handovers_update
CREATE FUNCTION kept_families_handovers_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= OLD.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = OLD.allocation_id AND allocation.replaces_id IS NULL AND referral.id = allocation.referral_id AND referral.state = 'served' UNION ALL SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= NEW.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', 1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = NEW.allocation_id AND allocation.replaces_id IS NULL AND referral.id = allocation.referral_id AND referral.state = 'served'; RETURN NULL; END $$

-- trigger kept_families_handovers_update
CREATE TRIGGER kept_families_handovers_update AFTER UPDATE OF allocation_id, handed_at ON handovers FOR EACH ROW WHEN (NEW.allocation_id IS DISTINCT FROM OLD.allocation_id OR NEW.handed_at IS DISTINCT FROM OLD.handed_at) EXECUTE FUNCTION kept_families_handovers_update()

-- function kept_families_handovers_delete
CREATE FUNCTION kept_families_handovers_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= OLD.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = OLD.allocation_id AND allocation.replaces_id IS NULL AND referral.id = allocation.referral_id AND referral.state = 'served'; RETURN NULL; END $$

-- trigger kept_families_handovers_delete
CREATE TRIGGER kept_families_handovers_delete AFTER DELETE ON handovers FOR EACH ROW EXECUTE FUNCTION kept_families_handovers_delete()

-- function kept_families_referrals_update
CREATE FUNCTION kept_families_referrals_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= handover.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, handovers AS handover WHERE allocation.referral_id = OLD.id AND allocation.replaces_id IS NULL AND handover.allocation_id = allocation.id AND OLD.state = 'served' UNION ALL SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= handover.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', 1 FROM allocations AS allocation, handovers AS handover WHERE allocation.referral_id = NEW.id AND allocation.replaces_id IS NULL AND handover.allocation_id = allocation.id AND NEW.state = 'served'; RETURN NULL; END $$

-- trigger kept_families_referrals_update
CREATE TRIGGER kept_families_referrals_update AFTER UPDATE OF state ON referrals FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION kept_families_referrals_update()
