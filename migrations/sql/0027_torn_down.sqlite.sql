-- trigger organisations_merge
DROP TRIGGER organisations_merge
