-- no kept_families_handovers_insert
DROP TRIGGER kept_families_handovers_insert

-- no kept_families_handovers_update
DROP TRIGGER kept_families_handovers_update

-- no kept_families_handovers_delete
DROP TRIGGER kept_families_handovers_delete

-- no kept_families_referrals_update
DROP TRIGGER kept_families_referrals_update

-- trigger kept_families_handovers_insert
CREATE TRIGGER kept_families_handovers_insert AFTER INSERT ON handovers BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= NEW.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', 1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = NEW.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END

-- trigger kept_families_handovers_update
CREATE TRIGGER kept_families_handovers_update AFTER UPDATE OF allocation_id, handed_at ON handovers WHEN NEW.allocation_id IS NOT OLD.allocation_id OR NEW.handed_at IS NOT OLD.handed_at BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= OLD.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = OLD.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; INSERT INTO kept_counts (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= NEW.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', 1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = NEW.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END

-- trigger kept_families_handovers_delete
CREATE TRIGGER kept_families_handovers_delete AFTER DELETE ON handovers BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= OLD.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = OLD.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END

-- trigger kept_families_referrals_update
CREATE TRIGGER kept_families_referrals_update AFTER UPDATE OF state ON referrals WHEN NEW.state IS NOT OLD.state BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= handover.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, handovers AS handover WHERE allocation.referral_id = OLD.id AND handover.allocation_id = allocation.id AND OLD.state = 'served' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; INSERT INTO kept_counts (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= handover.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', 1 FROM allocations AS allocation, handovers AS handover WHERE allocation.referral_id = NEW.id AND handover.allocation_id = allocation.id AND NEW.state = 'served' ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END
