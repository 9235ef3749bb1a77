-- function consents_everybody_said_yes
CREATE FUNCTION consents_everybody_said_yes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM ceremony_consent_voices AS voice WHERE voice.consent_id = NEW.id) OR EXISTS (SELECT 1 FROM ceremony_consent_voices AS voice WHERE voice.consent_id = NEW.id AND voice.said_yes IS NOT TRUE) THEN RAISE EXCEPTION 'somebody has not said yes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger consents_everybody_said_yes
CREATE TRIGGER consents_everybody_said_yes BEFORE UPDATE OF given_at ON ceremony_consents FOR EACH ROW WHEN (NEW.given_at IS NOT NULL AND OLD.given_at IS NULL) EXECUTE FUNCTION consents_everybody_said_yes()

-- function consents_born_ungiven
CREATE FUNCTION consents_born_ungiven() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.given_at IS NOT NULL THEN RAISE EXCEPTION 'somebody has not said yes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger consents_born_ungiven
CREATE TRIGGER consents_born_ungiven BEFORE INSERT ON ceremony_consents FOR EACH ROW EXECUTE FUNCTION consents_born_ungiven()

-- function consents_shown_while_live
CREATE FUNCTION consents_shown_while_live() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM ceremony_consent_grants AS given JOIN ceremony_consents AS consent ON consent.id = given.consent_id JOIN ceremony_uses AS shown ON shown.id = NEW.use_id WHERE given.id = NEW.grant_id AND consent.given_at IS NOT NULL AND given.withdrawn_at IS NULL AND given.channel = shown.channel AND given.showing = shown.showing AND given.until >= shown.published_on AND CAST(consent.given_at AS date) <= shown.published_on + 1) THEN RAISE EXCEPTION 'shown without a consent' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$

-- trigger consents_shown_while_live
CREATE TRIGGER consents_shown_while_live BEFORE INSERT ON ceremony_use_grants FOR EACH ROW EXECUTE FUNCTION consents_shown_while_live()
