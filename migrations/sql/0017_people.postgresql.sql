-- beneficiary_pieces 1
DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX IF NOT EXISTS ix_beneficiaries_search_pieces ON beneficiaries USING gin (search gin_trgm_ops); EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'no index for searching: %', SQLERRM; END $$

-- borrower_pieces 1
DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX IF NOT EXISTS ix_borrowers_search_pieces ON borrowers USING gin (search gin_trgm_ops); EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'no index for searching: %', SQLERRM; END $$
