-- trigger organisations_merge
DROP TRIGGER organisations_merge ON organisations
-- function organisations_merge
DROP FUNCTION organisations_merge()
