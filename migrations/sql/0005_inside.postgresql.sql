CREATE FUNCTION drives_inside_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE drives SET inside = true WHERE id = NEW.drive_id; RETURN NULL; END $$

CREATE TRIGGER drives_inside_begins AFTER INSERT ON drive_stays FOR EACH ROW WHEN (NEW.until IS NULL) EXECUTE FUNCTION drives_inside_begins()

CREATE FUNCTION drives_inside_turns() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE drives SET inside = (NEW.until IS NULL) WHERE id = NEW.drive_id; RETURN NULL; END $$

CREATE TRIGGER drives_inside_turns AFTER UPDATE OF until ON drive_stays FOR EACH ROW WHEN ((NEW.until IS NULL) <> (OLD.until IS NULL)) EXECUTE FUNCTION drives_inside_turns()

INSERT INTO kept_counts (name, a, b, c, n) SELECT 'drives' AS name, a, b, c, count(*) AS n FROM (SELECT CASE WHEN one.destroyed_at IS NOT NULL THEN 'destroyed' WHEN one.inside THEN 'machine' ELSE 'stock' END AS a, '' AS b, '' AS c FROM drives AS one WHERE 1 = 1) AS each_row GROUP BY a, b, c

CREATE FUNCTION kept_drives_drives_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'drives', CASE WHEN fresh.destroyed_at IS NOT NULL THEN 'destroyed' WHEN fresh.inside THEN 'machine' ELSE 'stock' END, '', '', count(*) FROM fresh WHERE 1 = 1 GROUP BY 2, 3, 4; RETURN NULL; END $$

CREATE TRIGGER kept_drives_drives_insert AFTER INSERT ON drives REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kept_drives_drives_insert()

CREATE FUNCTION kept_drives_drives_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'drives', CASE WHEN OLD.destroyed_at IS NOT NULL THEN 'destroyed' WHEN OLD.inside THEN 'machine' ELSE 'stock' END, '', '', -1 WHERE 1 = 1 UNION ALL SELECT 'drives', CASE WHEN NEW.destroyed_at IS NOT NULL THEN 'destroyed' WHEN NEW.inside THEN 'machine' ELSE 'stock' END, '', '', 1 WHERE 1 = 1; RETURN NULL; END $$

CREATE TRIGGER kept_drives_drives_update AFTER UPDATE OF destroyed_at, inside ON drives FOR EACH ROW WHEN (NEW.destroyed_at IS DISTINCT FROM OLD.destroyed_at OR NEW.inside IS DISTINCT FROM OLD.inside) EXECUTE FUNCTION kept_drives_drives_update()

CREATE FUNCTION kept_drives_drives_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO count_changes (name, a, b, c, n) SELECT 'drives', CASE WHEN OLD.destroyed_at IS NOT NULL THEN 'destroyed' WHEN OLD.inside THEN 'machine' ELSE 'stock' END, '', '', -1 WHERE 1 = 1; RETURN NULL; END $$

CREATE TRIGGER kept_drives_drives_delete AFTER DELETE ON drives FOR EACH ROW EXECUTE FUNCTION kept_drives_drives_delete()
