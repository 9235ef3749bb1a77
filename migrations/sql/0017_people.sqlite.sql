-- beneficiary_pieces 1
CREATE TABLE beneficiary_pieces_places (size INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (place, size)) WITHOUT ROWID

-- beneficiary_pieces 2
INSERT INTO beneficiary_pieces_places (size, place) WITH RECURSIVE places (place) AS (VALUES (1) UNION ALL SELECT place + 1 FROM places WHERE place < 800) SELECT size, place FROM places, (SELECT 3 AS size UNION ALL SELECT 5)

-- beneficiary_pieces 3
CREATE VIRTUAL TABLE beneficiary_pieces USING fts5 (pieces, content = '', tokenize = 'ascii', detail = none)

-- beneficiary_pieces 4
CREATE TRIGGER beneficiary_pieces_insert AFTER INSERT ON beneficiaries BEGIN INSERT INTO beneficiary_pieces (rowid, pieces) VALUES (NEW.id, coalesce((SELECT group_concat(substr(NEW.search, place, size), ' ') FROM beneficiary_pieces_places WHERE place <= length(NEW.search) AND place + size <= length(NEW.search) + 1 AND instr(substr(NEW.search, place, size), ' ') = 0), '')); END

-- beneficiary_pieces 5
CREATE TRIGGER beneficiary_pieces_update AFTER UPDATE OF search ON beneficiaries WHEN NEW.search <> OLD.search BEGIN INSERT INTO beneficiary_pieces (beneficiary_pieces, rowid, pieces) VALUES ('delete', OLD.id, coalesce((SELECT group_concat(substr(OLD.search, place, size), ' ') FROM beneficiary_pieces_places WHERE place <= length(OLD.search) AND place + size <= length(OLD.search) + 1 AND instr(substr(OLD.search, place, size), ' ') = 0), '')); INSERT INTO beneficiary_pieces (rowid, pieces) VALUES (NEW.id, coalesce((SELECT group_concat(substr(NEW.search, place, size), ' ') FROM beneficiary_pieces_places WHERE place <= length(NEW.search) AND place + size <= length(NEW.search) + 1 AND instr(substr(NEW.search, place, size), ' ') = 0), '')); END

-- beneficiary_pieces 6
CREATE TRIGGER beneficiary_pieces_delete AFTER DELETE ON beneficiaries BEGIN INSERT INTO beneficiary_pieces (beneficiary_pieces, rowid, pieces) VALUES ('delete', OLD.id, coalesce((SELECT group_concat(substr(OLD.search, place, size), ' ') FROM beneficiary_pieces_places WHERE place <= length(OLD.search) AND place + size <= length(OLD.search) + 1 AND instr(substr(OLD.search, place, size), ' ') = 0), '')); END

-- beneficiary_pieces 7
INSERT INTO beneficiary_pieces (rowid, pieces) SELECT id, coalesce((SELECT group_concat(substr(search, place, size), ' ') FROM beneficiary_pieces_places WHERE place <= length(search) AND place + size <= length(search) + 1 AND instr(substr(search, place, size), ' ') = 0), '') FROM beneficiaries

-- borrower_pieces 1
CREATE TABLE borrower_pieces_places (size INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (place, size)) WITHOUT ROWID

-- borrower_pieces 2
INSERT INTO borrower_pieces_places (size, place) WITH RECURSIVE places (place) AS (VALUES (1) UNION ALL SELECT place + 1 FROM places WHERE place < 800) SELECT size, place FROM places, (SELECT 3 AS size UNION ALL SELECT 5)

-- borrower_pieces 3
CREATE VIRTUAL TABLE borrower_pieces USING fts5 (pieces, content = '', tokenize = 'ascii', detail = none)

-- borrower_pieces 4
CREATE TRIGGER borrower_pieces_insert AFTER INSERT ON borrowers BEGIN INSERT INTO borrower_pieces (rowid, pieces) VALUES (NEW.id, coalesce((SELECT group_concat(substr(NEW.search, place, size), ' ') FROM borrower_pieces_places WHERE place <= length(NEW.search) AND place + size <= length(NEW.search) + 1 AND instr(substr(NEW.search, place, size), ' ') = 0), '')); END

-- borrower_pieces 5
CREATE TRIGGER borrower_pieces_update AFTER UPDATE OF search ON borrowers WHEN NEW.search <> OLD.search BEGIN INSERT INTO borrower_pieces (borrower_pieces, rowid, pieces) VALUES ('delete', OLD.id, coalesce((SELECT group_concat(substr(OLD.search, place, size), ' ') FROM borrower_pieces_places WHERE place <= length(OLD.search) AND place + size <= length(OLD.search) + 1 AND instr(substr(OLD.search, place, size), ' ') = 0), '')); INSERT INTO borrower_pieces (rowid, pieces) VALUES (NEW.id, coalesce((SELECT group_concat(substr(NEW.search, place, size), ' ') FROM borrower_pieces_places WHERE place <= length(NEW.search) AND place + size <= length(NEW.search) + 1 AND instr(substr(NEW.search, place, size), ' ') = 0), '')); END

-- borrower_pieces 6
CREATE TRIGGER borrower_pieces_delete AFTER DELETE ON borrowers BEGIN INSERT INTO borrower_pieces (borrower_pieces, rowid, pieces) VALUES ('delete', OLD.id, coalesce((SELECT group_concat(substr(OLD.search, place, size), ' ') FROM borrower_pieces_places WHERE place <= length(OLD.search) AND place + size <= length(OLD.search) + 1 AND instr(substr(OLD.search, place, size), ' ') = 0), '')); END

-- borrower_pieces 7
INSERT INTO borrower_pieces (rowid, pieces) SELECT id, coalesce((SELECT group_concat(substr(search, place, size), ' ') FROM borrower_pieces_places WHERE place <= length(search) AND place + size <= length(search) + 1 AND instr(substr(search, place, size), ' ') = 0), '') FROM borrowers
