CREATE FUNCTION kept_devices_devices_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices', fresh.state, fresh.kind, '', count(*) FROM fresh WHERE fresh.merged_into_id IS NULL GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_devices_devices_insert AFTER INSERT ON devices REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_devices_devices_insert()

CREATE FUNCTION kept_devices_devices_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices', OLD.state, OLD.kind, '', -1 WHERE OLD.merged_into_id IS NULL UNION ALL SELECT 'devices', NEW.state, NEW.kind, '', 1 WHERE NEW.merged_into_id IS NULL; RETURN NULL; END $$

CREATE TRIGGER kept_devices_devices_update AFTER UPDATE OF state, kind, merged_into_id ON devices FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id) EXECUTE FUNCTION kept_devices_devices_update()

CREATE FUNCTION kept_devices_devices_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices', OLD.state, OLD.kind, '', -1 WHERE OLD.merged_into_id IS NULL; RETURN NULL; END $$

CREATE TRIGGER kept_devices_devices_delete AFTER DELETE ON devices FOR EACH ROW EXECUTE FUNCTION kept_devices_devices_delete()

CREATE FUNCTION kept_devices_since_devices_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices_since', fresh.state, fresh.kind, to_char(date_trunc('week', fresh.moved_at AT TIME ZONE 'UTC'), 'YYYY-MM-DD'), count(*) FROM fresh WHERE fresh.state IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved') GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_devices_since_devices_insert AFTER INSERT ON devices REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_devices_since_devices_insert()

CREATE FUNCTION kept_devices_since_devices_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices_since', OLD.state, OLD.kind, to_char(date_trunc('week', OLD.moved_at AT TIME ZONE 'UTC'), 'YYYY-MM-DD'), -1 WHERE OLD.state IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved') UNION ALL SELECT 'devices_since', NEW.state, NEW.kind, to_char(date_trunc('week', NEW.moved_at AT TIME ZONE 'UTC'), 'YYYY-MM-DD'), 1 WHERE NEW.state IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved'); RETURN NULL; END $$

CREATE TRIGGER kept_devices_since_devices_update AFTER UPDATE OF state, kind, moved_at ON devices FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.moved_at IS DISTINCT FROM OLD.moved_at) EXECUTE FUNCTION kept_devices_since_devices_update()

CREATE FUNCTION kept_devices_since_devices_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices_since', OLD.state, OLD.kind, to_char(date_trunc('week', OLD.moved_at AT TIME ZONE 'UTC'), 'YYYY-MM-DD'), -1 WHERE OLD.state IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved'); RETURN NULL; END $$

CREATE TRIGGER kept_devices_since_devices_delete AFTER DELETE ON devices FOR EACH ROW EXECUTE FUNCTION kept_devices_since_devices_delete()

CREATE FUNCTION kept_devices_by_year_devices_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices_by_year', substr((SELECT name FROM months WHERE starts_at <= fresh.received_at ORDER BY starts_at DESC LIMIT 1), 1, 4), fresh.state, '', count(*) FROM fresh WHERE fresh.merged_into_id IS NULL GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_devices_by_year_devices_insert AFTER INSERT ON devices REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_devices_by_year_devices_insert()

CREATE FUNCTION kept_devices_by_year_devices_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices_by_year', substr((SELECT name FROM months WHERE starts_at <= OLD.received_at ORDER BY starts_at DESC LIMIT 1), 1, 4), OLD.state, '', -1 WHERE OLD.merged_into_id IS NULL UNION ALL SELECT 'devices_by_year', substr((SELECT name FROM months WHERE starts_at <= NEW.received_at ORDER BY starts_at DESC LIMIT 1), 1, 4), NEW.state, '', 1 WHERE NEW.merged_into_id IS NULL; RETURN NULL; END $$

CREATE TRIGGER kept_devices_by_year_devices_update AFTER UPDATE OF received_at, state, merged_into_id ON devices FOR EACH ROW WHEN (NEW.received_at IS DISTINCT FROM OLD.received_at OR NEW.state IS DISTINCT FROM OLD.state OR NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id) EXECUTE FUNCTION kept_devices_by_year_devices_update()

CREATE FUNCTION kept_devices_by_year_devices_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'devices_by_year', substr((SELECT name FROM months WHERE starts_at <= OLD.received_at ORDER BY starts_at DESC LIMIT 1), 1, 4), OLD.state, '', -1 WHERE OLD.merged_into_id IS NULL; RETURN NULL; END $$

CREATE TRIGGER kept_devices_by_year_devices_delete AFTER DELETE ON devices FOR EACH ROW EXECUTE FUNCTION kept_devices_by_year_devices_delete()

CREATE FUNCTION kept_donation_devices_devices_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'donation_devices', CAST(fresh.donation_id AS TEXT), fresh.state, '', count(*) FROM fresh WHERE fresh.merged_into_id IS NULL GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_donation_devices_devices_insert AFTER INSERT ON devices REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_donation_devices_devices_insert()

CREATE FUNCTION kept_donation_devices_devices_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'donation_devices', CAST(OLD.donation_id AS TEXT), OLD.state, '', -1 WHERE OLD.merged_into_id IS NULL UNION ALL SELECT 'donation_devices', CAST(NEW.donation_id AS TEXT), NEW.state, '', 1 WHERE NEW.merged_into_id IS NULL; RETURN NULL; END $$

CREATE TRIGGER kept_donation_devices_devices_update AFTER UPDATE OF donation_id, state, merged_into_id ON devices FOR EACH ROW WHEN (NEW.donation_id IS DISTINCT FROM OLD.donation_id OR NEW.state IS DISTINCT FROM OLD.state OR NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id) EXECUTE FUNCTION kept_donation_devices_devices_update()

CREATE FUNCTION kept_donation_devices_devices_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'donation_devices', CAST(OLD.donation_id AS TEXT), OLD.state, '', -1 WHERE OLD.merged_into_id IS NULL; RETURN NULL; END $$

CREATE TRIGGER kept_donation_devices_devices_delete AFTER DELETE ON devices FOR EACH ROW EXECUTE FUNCTION kept_donation_devices_devices_delete()

CREATE FUNCTION kept_donations_with_devices_devices_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'donations_with_devices', '', '', '', count(*) FROM fresh WHERE fresh.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM devices AS other WHERE other.donation_id = fresh.donation_id AND other.merged_into_id IS NULL AND other.id < fresh.id) GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_donations_with_devices_devices_insert AFTER INSERT ON devices REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_donations_with_devices_devices_insert()

CREATE FUNCTION kept_donations_with_devices_devices_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'donations_with_devices', '', '', '', -1 WHERE OLD.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM devices AS other WHERE other.donation_id = OLD.donation_id AND other.merged_into_id IS NULL AND other.id <> OLD.id) UNION ALL SELECT 'donations_with_devices', '', '', '', 1 WHERE NEW.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM devices AS other WHERE other.donation_id = NEW.donation_id AND other.merged_into_id IS NULL AND other.id <> NEW.id); RETURN NULL; END $$

CREATE TRIGGER kept_donations_with_devices_devices_update AFTER UPDATE OF donation_id, merged_into_id ON devices FOR EACH ROW WHEN (NEW.donation_id IS DISTINCT FROM OLD.donation_id OR NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id) EXECUTE FUNCTION kept_donations_with_devices_devices_update()

CREATE FUNCTION kept_donations_with_devices_devices_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'donations_with_devices', '', '', '', -1 WHERE OLD.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM devices AS other WHERE other.donation_id = OLD.donation_id AND other.merged_into_id IS NULL AND other.id <> OLD.id); RETURN NULL; END $$

CREATE TRIGGER kept_donations_with_devices_devices_delete AFTER DELETE ON devices FOR EACH ROW EXECUTE FUNCTION kept_donations_with_devices_devices_delete()

CREATE FUNCTION kept_deeds_events_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'deeds', (SELECT name FROM months WHERE starts_at <= fresh.at ORDER BY starts_at DESC LIMIT 1), fresh.move, '', count(*) FROM fresh WHERE fresh.subject_kind = 'device' AND fresh.move IN ('created', 'finish_erasure', 'pass_tests', 'hand_over') AND NOT EXISTS (SELECT 1 FROM events AS before WHERE before.subject_kind = 'device' AND before.subject_id = fresh.subject_id AND before.position < fresh.position AND before.move = fresh.move AND (SELECT name FROM months WHERE starts_at <= before.at ORDER BY starts_at DESC LIMIT 1) = (SELECT name FROM months WHERE starts_at <= fresh.at ORDER BY starts_at DESC LIMIT 1)) AND NOT EXISTS (SELECT 1 FROM devices AS joined WHERE joined.id = fresh.subject_id AND joined.merged_into_id IS NOT NULL) GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_deeds_events_insert AFTER INSERT ON events REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_deeds_events_insert()

CREATE FUNCTION kept_deeds_devices_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'deeds', (SELECT name FROM months WHERE starts_at <= event.at ORDER BY starts_at DESC LIMIT 1), event.move, '', -1 FROM events AS event WHERE event.subject_id = OLD.id AND OLD.merged_into_id IS NULL AND event.subject_kind = 'device' AND event.move IN ('created', 'finish_erasure', 'pass_tests', 'hand_over') AND NOT EXISTS (SELECT 1 FROM events AS before WHERE before.subject_kind = 'device' AND before.subject_id = event.subject_id AND before.position < event.position AND before.move = event.move AND (SELECT name FROM months WHERE starts_at <= before.at ORDER BY starts_at DESC LIMIT 1) = (SELECT name FROM months WHERE starts_at <= event.at ORDER BY starts_at DESC LIMIT 1)) UNION ALL SELECT 'deeds', (SELECT name FROM months WHERE starts_at <= event.at ORDER BY starts_at DESC LIMIT 1), event.move, '', 1 FROM events AS event WHERE event.subject_id = NEW.id AND NEW.merged_into_id IS NULL AND event.subject_kind = 'device' AND event.move IN ('created', 'finish_erasure', 'pass_tests', 'hand_over') AND NOT EXISTS (SELECT 1 FROM events AS before WHERE before.subject_kind = 'device' AND before.subject_id = event.subject_id AND before.position < event.position AND before.move = event.move AND (SELECT name FROM months WHERE starts_at <= before.at ORDER BY starts_at DESC LIMIT 1) = (SELECT name FROM months WHERE starts_at <= event.at ORDER BY starts_at DESC LIMIT 1)); RETURN NULL; END $$

CREATE TRIGGER kept_deeds_devices_update AFTER UPDATE OF merged_into_id ON devices FOR EACH ROW WHEN (NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id) EXECUTE FUNCTION kept_deeds_devices_update()

CREATE FUNCTION kept_stays_events_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'stays', (fresh.facts ->> 'from'), (SELECT name FROM months WHERE starts_at <= fresh.at ORDER BY starts_at DESC LIMIT 1), lpad(CAST((greatest(0, CAST(extract(epoch FROM fresh.at - entered.at) AS INTEGER)) / 1800 * 2 + CASE WHEN greatest(0, CAST(extract(epoch FROM fresh.at - entered.at) AS INTEGER)) % 1800 = 0 THEN 0 ELSE 1 END) / 96 AS TEXT), 7, '0'), count(*) FROM fresh, events AS entered WHERE fresh.subject_kind = 'device' AND (fresh.facts ->> 'from') IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved') AND entered.subject_kind = 'device' AND entered.subject_id = fresh.subject_id AND entered.position = (SELECT moved.position FROM events AS moved WHERE moved.subject_kind = 'device' AND moved.subject_id = fresh.subject_id AND moved.position < fresh.position AND (moved.move = 'created' OR (moved.facts ->> 'from') IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved', 'handed_over', 'in_pool', 'parts', 'waste', 'lost', 'refused', 'merged')) ORDER BY moved.position DESC LIMIT 1) GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_stays_events_insert AFTER INSERT ON events REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_stays_events_insert()

CREATE FUNCTION kept_stays_closely_events_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'stays_closely', (fresh.facts ->> 'from'), (SELECT name FROM months WHERE starts_at <= fresh.at ORDER BY starts_at DESC LIMIT 1), lpad(CAST((greatest(0, CAST(extract(epoch FROM fresh.at - entered.at) AS INTEGER)) / 1800 * 2 + CASE WHEN greatest(0, CAST(extract(epoch FROM fresh.at - entered.at) AS INTEGER)) % 1800 = 0 THEN 0 ELSE 1 END) AS TEXT), 7, '0'), count(*) FROM fresh, events AS entered WHERE fresh.subject_kind = 'device' AND (fresh.facts ->> 'from') IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved') AND entered.subject_kind = 'device' AND entered.subject_id = fresh.subject_id AND entered.position = (SELECT moved.position FROM events AS moved WHERE moved.subject_kind = 'device' AND moved.subject_id = fresh.subject_id AND moved.position < fresh.position AND (moved.move = 'created' OR (moved.facts ->> 'from') IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved', 'handed_over', 'in_pool', 'parts', 'waste', 'lost', 'refused', 'merged')) ORDER BY moved.position DESC LIMIT 1) GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_stays_closely_events_insert AFTER INSERT ON events REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_stays_closely_events_insert()

CREATE FUNCTION kept_categories_device_targets_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'categories', COALESCE(fresh.category, ''), '', '', count(*) FROM fresh WHERE NOT EXISTS (SELECT 1 FROM devices AS joined WHERE joined.id = fresh.device_id AND joined.merged_into_id IS NOT NULL) GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_categories_device_targets_insert AFTER INSERT ON device_targets REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_categories_device_targets_insert()

CREATE FUNCTION kept_categories_device_targets_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'categories', COALESCE(OLD.category, ''), '', '', -1 WHERE NOT EXISTS (SELECT 1 FROM devices AS joined WHERE joined.id = OLD.device_id AND joined.merged_into_id IS NOT NULL) UNION ALL SELECT 'categories', COALESCE(NEW.category, ''), '', '', 1 WHERE NOT EXISTS (SELECT 1 FROM devices AS joined WHERE joined.id = NEW.device_id AND joined.merged_into_id IS NOT NULL); RETURN NULL; END $$

CREATE TRIGGER kept_categories_device_targets_update AFTER UPDATE OF device_id, category ON device_targets FOR EACH ROW WHEN (NEW.device_id IS DISTINCT FROM OLD.device_id OR NEW.category IS DISTINCT FROM OLD.category) EXECUTE FUNCTION kept_categories_device_targets_update()

CREATE FUNCTION kept_categories_device_targets_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'categories', COALESCE(OLD.category, ''), '', '', -1 WHERE NOT EXISTS (SELECT 1 FROM devices AS joined WHERE joined.id = OLD.device_id AND joined.merged_into_id IS NOT NULL); RETURN NULL; END $$

CREATE TRIGGER kept_categories_device_targets_delete AFTER DELETE ON device_targets FOR EACH ROW EXECUTE FUNCTION kept_categories_device_targets_delete()

CREATE FUNCTION kept_categories_devices_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'categories', COALESCE(target.category, ''), '', '', -1 FROM device_targets AS target WHERE target.device_id = OLD.id AND OLD.merged_into_id IS NULL UNION ALL SELECT 'categories', COALESCE(target.category, ''), '', '', 1 FROM device_targets AS target WHERE target.device_id = NEW.id AND NEW.merged_into_id IS NULL; RETURN NULL; END $$

CREATE TRIGGER kept_categories_devices_update AFTER UPDATE OF merged_into_id ON devices FOR EACH ROW WHEN (NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id) EXECUTE FUNCTION kept_categories_devices_update()

CREATE FUNCTION kept_referrals_referrals_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'referrals', fresh.state, fresh.device_kind, CAST(fresh.partner_id AS TEXT), count(*) FROM fresh WHERE 1 = 1 GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_referrals_referrals_insert AFTER INSERT ON referrals REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_referrals_referrals_insert()

CREATE FUNCTION kept_referrals_referrals_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'referrals', OLD.state, OLD.device_kind, CAST(OLD.partner_id AS TEXT), -1 WHERE 1 = 1 UNION ALL SELECT 'referrals', NEW.state, NEW.device_kind, CAST(NEW.partner_id AS TEXT), 1 WHERE 1 = 1; RETURN NULL; END $$

CREATE TRIGGER kept_referrals_referrals_update AFTER UPDATE OF state, device_kind, partner_id ON referrals FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state OR NEW.device_kind IS DISTINCT FROM OLD.device_kind OR NEW.partner_id IS DISTINCT FROM OLD.partner_id) EXECUTE FUNCTION kept_referrals_referrals_update()

CREATE FUNCTION kept_referrals_referrals_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'referrals', OLD.state, OLD.device_kind, CAST(OLD.partner_id AS TEXT), -1 WHERE 1 = 1; RETURN NULL; END $$

CREATE TRIGGER kept_referrals_referrals_delete AFTER DELETE ON referrals FOR EACH ROW EXECUTE FUNCTION kept_referrals_referrals_delete()

CREATE FUNCTION kept_waiting_referrals_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'waiting', fresh.device_kind, CAST(fresh.school_children AS TEXT), COALESCE(fresh.situation, '') || ' ' || COALESCE(fresh.usage, ''), count(*) FROM fresh WHERE fresh.state = 'waiting' GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_waiting_referrals_insert AFTER INSERT ON referrals REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_waiting_referrals_insert()

CREATE FUNCTION kept_waiting_referrals_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'waiting', OLD.device_kind, CAST(OLD.school_children AS TEXT), COALESCE(OLD.situation, '') || ' ' || COALESCE(OLD.usage, ''), -1 WHERE OLD.state = 'waiting' UNION ALL SELECT 'waiting', NEW.device_kind, CAST(NEW.school_children AS TEXT), COALESCE(NEW.situation, '') || ' ' || COALESCE(NEW.usage, ''), 1 WHERE NEW.state = 'waiting'; RETURN NULL; END $$

CREATE TRIGGER kept_waiting_referrals_update AFTER UPDATE OF state, device_kind, school_children, situation, usage ON referrals FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state OR NEW.device_kind IS DISTINCT FROM OLD.device_kind OR NEW.school_children IS DISTINCT FROM OLD.school_children OR NEW.situation IS DISTINCT FROM OLD.situation OR NEW.usage IS DISTINCT FROM OLD.usage) EXECUTE FUNCTION kept_waiting_referrals_update()

CREATE FUNCTION kept_waiting_referrals_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'waiting', OLD.device_kind, CAST(OLD.school_children AS TEXT), COALESCE(OLD.situation, '') || ' ' || COALESCE(OLD.usage, ''), -1 WHERE OLD.state = 'waiting'; RETURN NULL; END $$

CREATE TRIGGER kept_waiting_referrals_delete AFTER DELETE ON referrals FOR EACH ROW EXECUTE FUNCTION kept_waiting_referrals_delete()

CREATE FUNCTION kept_allocations_allocations_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'allocations', fresh.state, CAST(referral.partner_id AS TEXT), '', count(*) FROM fresh, referrals AS referral WHERE referral.id = fresh.referral_id GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_allocations_allocations_insert AFTER INSERT ON allocations REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_allocations_allocations_insert()

CREATE FUNCTION kept_allocations_allocations_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'allocations', OLD.state, CAST(referral.partner_id AS TEXT), '', -1 FROM referrals AS referral WHERE referral.id = OLD.referral_id UNION ALL SELECT 'allocations', NEW.state, CAST(referral.partner_id AS TEXT), '', 1 FROM referrals AS referral WHERE referral.id = NEW.referral_id; RETURN NULL; END $$

CREATE TRIGGER kept_allocations_allocations_update AFTER UPDATE OF state, referral_id ON allocations FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state OR NEW.referral_id IS DISTINCT FROM OLD.referral_id) EXECUTE FUNCTION kept_allocations_allocations_update()

CREATE FUNCTION kept_allocations_allocations_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'allocations', OLD.state, CAST(referral.partner_id AS TEXT), '', -1 FROM referrals AS referral WHERE referral.id = OLD.referral_id; RETURN NULL; END $$

CREATE TRIGGER kept_allocations_allocations_delete AFTER DELETE ON allocations FOR EACH ROW EXECUTE FUNCTION kept_allocations_allocations_delete()

CREATE FUNCTION kept_allocations_referrals_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'allocations', allocation.state, CAST(OLD.partner_id AS TEXT), '', -1 FROM allocations AS allocation WHERE allocation.referral_id = OLD.id UNION ALL SELECT 'allocations', allocation.state, CAST(NEW.partner_id AS TEXT), '', 1 FROM allocations AS allocation WHERE allocation.referral_id = NEW.id; RETURN NULL; END $$

CREATE TRIGGER kept_allocations_referrals_update AFTER UPDATE OF partner_id ON referrals FOR EACH ROW WHEN (NEW.partner_id IS DISTINCT FROM OLD.partner_id) EXECUTE FUNCTION kept_allocations_referrals_update()

CREATE FUNCTION kept_families_handovers_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= fresh.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', count(*) FROM fresh, allocations AS allocation, referrals AS referral WHERE allocation.id = fresh.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served' GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_families_handovers_insert AFTER INSERT ON handovers REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_families_handovers_insert()

CREATE FUNCTION kept_families_handovers_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= OLD.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = OLD.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served' UNION ALL SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= NEW.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', 1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = NEW.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served'; RETURN NULL; END $$

CREATE TRIGGER kept_families_handovers_update AFTER UPDATE OF allocation_id, handed_at ON handovers FOR EACH ROW WHEN (NEW.allocation_id IS DISTINCT FROM OLD.allocation_id OR NEW.handed_at IS DISTINCT FROM OLD.handed_at) EXECUTE FUNCTION kept_families_handovers_update()

CREATE FUNCTION kept_families_handovers_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= OLD.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, referrals AS referral WHERE allocation.id = OLD.allocation_id AND referral.id = allocation.referral_id AND referral.state = 'served'; RETURN NULL; END $$

CREATE TRIGGER kept_families_handovers_delete AFTER DELETE ON handovers FOR EACH ROW EXECUTE FUNCTION kept_families_handovers_delete()

CREATE FUNCTION kept_families_referrals_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= handover.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', -1 FROM allocations AS allocation, handovers AS handover WHERE allocation.referral_id = OLD.id AND handover.allocation_id = allocation.id AND OLD.state = 'served' UNION ALL SELECT 'families', substr((SELECT name FROM months WHERE starts_at <= handover.handed_at ORDER BY starts_at DESC LIMIT 1), 1, 4), '', '', 1 FROM allocations AS allocation, handovers AS handover WHERE allocation.referral_id = NEW.id AND handover.allocation_id = allocation.id AND NEW.state = 'served'; RETURN NULL; END $$

CREATE TRIGGER kept_families_referrals_update AFTER UPDATE OF state ON referrals FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION kept_families_referrals_update()
