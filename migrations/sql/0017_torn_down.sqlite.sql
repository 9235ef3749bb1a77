-- beneficiary_pieces 1
DROP TRIGGER IF EXISTS beneficiary_pieces_insert

-- beneficiary_pieces 2
DROP TRIGGER IF EXISTS beneficiary_pieces_update

-- beneficiary_pieces 3
DROP TRIGGER IF EXISTS beneficiary_pieces_delete

-- beneficiary_pieces 4
DROP TABLE IF EXISTS beneficiary_pieces

-- beneficiary_pieces 5
DROP TABLE IF EXISTS beneficiary_pieces_places

-- borrower_pieces 1
DROP TRIGGER IF EXISTS borrower_pieces_insert

-- borrower_pieces 2
DROP TRIGGER IF EXISTS borrower_pieces_update

-- borrower_pieces 3
DROP TRIGGER IF EXISTS borrower_pieces_delete

-- borrower_pieces 4
DROP TABLE IF EXISTS borrower_pieces

-- borrower_pieces 5
DROP TABLE IF EXISTS borrower_pieces_places
