-- trigger consents_everybody_said_yes
CREATE TRIGGER consents_everybody_said_yes BEFORE UPDATE OF given_at ON ceremony_consents WHEN NEW.given_at IS NOT NULL AND OLD.given_at IS NULL AND (NOT EXISTS (SELECT 1 FROM ceremony_consent_voices AS voice WHERE voice.consent_id = NEW.id) OR EXISTS (SELECT 1 FROM ceremony_consent_voices AS voice WHERE voice.consent_id = NEW.id AND voice.said_yes IS NOT TRUE)) BEGIN SELECT RAISE(ABORT, 'somebody has not said yes'); END

-- trigger consents_born_ungiven
CREATE TRIGGER consents_born_ungiven BEFORE INSERT ON ceremony_consents WHEN NEW.given_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'somebody has not said yes'); END

-- trigger consents_shown_while_live
CREATE TRIGGER consents_shown_while_live BEFORE INSERT ON ceremony_use_grants WHEN NOT EXISTS (SELECT 1 FROM ceremony_consent_grants AS given JOIN ceremony_consents AS consent ON consent.id = given.consent_id JOIN ceremony_uses AS shown ON shown.id = NEW.use_id WHERE given.id = NEW.grant_id AND consent.given_at IS NOT NULL AND given.withdrawn_at IS NULL AND given.channel = shown.channel AND given.showing = shown.showing AND given.until >= shown.published_on AND date(consent.given_at) <= date(shown.published_on, '+1 day')) BEGIN SELECT RAISE(ABORT, 'shown without a consent'); END
