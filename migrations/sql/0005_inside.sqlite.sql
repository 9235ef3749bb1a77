CREATE TRIGGER drives_inside_begins AFTER INSERT ON drive_stays WHEN NEW.until IS NULL BEGIN UPDATE drives SET inside = 1 WHERE id = NEW.drive_id; END

CREATE TRIGGER drives_inside_turns AFTER UPDATE OF until ON drive_stays WHEN (NEW.until IS NULL) <> (OLD.until IS NULL) BEGIN UPDATE drives SET inside = (NEW.until IS NULL) WHERE id = NEW.drive_id; END

INSERT INTO kept_counts (name, a, b, c, n) SELECT 'drives' AS name, a, b, c, count(*) AS n FROM (SELECT CASE WHEN one.destroyed_at IS NOT NULL THEN 'destroyed' WHEN one.inside THEN 'machine' ELSE 'stock' END AS a, '' AS b, '' AS c FROM drives AS one WHERE 1 = 1) AS each_row GROUP BY a, b, c

CREATE TRIGGER kept_drives_drives_insert AFTER INSERT ON drives BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'drives', CASE WHEN NEW.destroyed_at IS NOT NULL THEN 'destroyed' WHEN NEW.inside THEN 'machine' ELSE 'stock' END, '', '', 1 WHERE 1 = 1 ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END

CREATE TRIGGER kept_drives_drives_update AFTER UPDATE OF destroyed_at, inside ON drives WHEN NEW.destroyed_at IS NOT OLD.destroyed_at OR NEW.inside IS NOT OLD.inside BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'drives', CASE WHEN OLD.destroyed_at IS NOT NULL THEN 'destroyed' WHEN OLD.inside THEN 'machine' ELSE 'stock' END, '', '', -1 WHERE 1 = 1 ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; INSERT INTO kept_counts (name, a, b, c, n) SELECT 'drives', CASE WHEN NEW.destroyed_at IS NOT NULL THEN 'destroyed' WHEN NEW.inside THEN 'machine' ELSE 'stock' END, '', '', 1 WHERE 1 = 1 ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END

CREATE TRIGGER kept_drives_drives_delete AFTER DELETE ON drives BEGIN INSERT INTO kept_counts (name, a, b, c, n) SELECT 'drives', CASE WHEN OLD.destroyed_at IS NOT NULL THEN 'destroyed' WHEN OLD.inside THEN 'machine' ELSE 'stock' END, '', '', -1 WHERE 1 = 1 ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n; END
