CREATE TABLE device_pieces_places (size INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (place, size)) WITHOUT ROWID

INSERT INTO device_pieces_places (size, place) WITH RECURSIVE places (place) AS (VALUES (1) UNION ALL SELECT place + 1 FROM places WHERE place < 800) SELECT size, place FROM places, (SELECT 3 AS size UNION ALL SELECT 5)

CREATE VIRTUAL TABLE device_pieces USING fts5 (pieces, content = '', tokenize = 'ascii', detail = none)

CREATE TRIGGER device_pieces_insert AFTER INSERT ON devices BEGIN INSERT INTO device_pieces (rowid, pieces) VALUES (NEW.id, coalesce((SELECT group_concat(substr(NEW.search, place, size), ' ') FROM device_pieces_places WHERE place <= length(NEW.search) AND place + size <= length(NEW.search) + 1 AND instr(substr(NEW.search, place, size), ' ') = 0), '')); END

CREATE TRIGGER device_pieces_update AFTER UPDATE OF search ON devices WHEN NEW.search <> OLD.search BEGIN INSERT INTO device_pieces (device_pieces, rowid, pieces) VALUES ('delete', OLD.id, coalesce((SELECT group_concat(substr(OLD.search, place, size), ' ') FROM device_pieces_places WHERE place <= length(OLD.search) AND place + size <= length(OLD.search) + 1 AND instr(substr(OLD.search, place, size), ' ') = 0), '')); INSERT INTO device_pieces (rowid, pieces) VALUES (NEW.id, coalesce((SELECT group_concat(substr(NEW.search, place, size), ' ') FROM device_pieces_places WHERE place <= length(NEW.search) AND place + size <= length(NEW.search) + 1 AND instr(substr(NEW.search, place, size), ' ') = 0), '')); END

CREATE TRIGGER device_pieces_delete AFTER DELETE ON devices BEGIN INSERT INTO device_pieces (device_pieces, rowid, pieces) VALUES ('delete', OLD.id, coalesce((SELECT group_concat(substr(OLD.search, place, size), ' ') FROM device_pieces_places WHERE place <= length(OLD.search) AND place + size <= length(OLD.search) + 1 AND instr(substr(OLD.search, place, size), ' ') = 0), '')); END

INSERT INTO device_pieces (rowid, pieces) SELECT id, coalesce((SELECT group_concat(substr(search, place, size), ' ') FROM device_pieces_places WHERE place <= length(search) AND place + size <= length(search) + 1 AND instr(substr(search, place, size), ' ') = 0), '') FROM devices
