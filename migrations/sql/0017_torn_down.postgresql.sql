-- beneficiary_pieces 1
DROP INDEX IF EXISTS ix_beneficiaries_search_pieces

-- borrower_pieces 1
DROP INDEX IF EXISTS ix_borrowers_search_pieces
