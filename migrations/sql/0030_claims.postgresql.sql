-- constraint ex_claims_no_overlap
ALTER TABLE claims ADD CONSTRAINT ex_claims_no_overlap EXCLUDE USING gist (int4range(item_id, item_id, '[]') WITH &&, daterange(starts_on, until_on, '[)') WITH &&) WHERE (ended_at IS NULL AND item_id IS NOT NULL)

-- constraint ck_claims_not_too_long
ALTER TABLE claims ADD CONSTRAINT ck_claims_not_too_long CHECK (kind <> 'reservation' OR began_at IS NOT NULL OR until_on - starts_on <= 450)
