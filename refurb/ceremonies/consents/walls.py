"""The walls of the database behind consents: none is given before everybody said yes, nobody is shown whose consent does not hold.

The rules that people meet are `actions.say_yes` and `uses.record_use`. Run by the migration.
"""

_SILENT = """NOT EXISTS (SELECT 1 FROM ceremony_consent_voices AS voice WHERE voice.consent_id = NEW.id)
OR EXISTS (SELECT 1 FROM ceremony_consent_voices AS voice WHERE voice.consent_id = NEW.id AND voice.said_yes IS NOT TRUE)"""
_AGREED = """EXISTS (SELECT 1 FROM ceremony_consent_grants AS given JOIN ceremony_consents AS consent ON consent.id = given.consent_id
JOIN ceremony_uses AS shown ON shown.id = NEW.use_id WHERE given.id = NEW.grant_id AND consent.given_at IS NOT NULL
AND given.withdrawn_at IS NULL AND given.channel = shown.channel AND given.showing = shown.showing
AND given.until >= shown.published_on)"""
_GIVING = "NEW.given_at IS NOT NULL AND OLD.given_at IS NULL"
_UPDATE = "BEFORE UPDATE OF given_at ON ceremony_consents"
_INSERT = "BEFORE INSERT ON ceremony_use_grants"


def _function(name: str, wrong: str, said: str) -> str:
    refused = f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'"
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {wrong} THEN {refused}; END IF; RETURN NEW; END $$"


CONSENTS_WALL: dict[str, tuple[str, ...]] = {
    "sqlite": (
        (
            f"CREATE TRIGGER consents_everybody_said_yes {_UPDATE} WHEN {_GIVING} AND ({_SILENT}) "
            "BEGIN SELECT RAISE(ABORT, 'somebody has not said yes'); END"
        ),
        f"CREATE TRIGGER consents_shown_while_live {_INSERT} WHEN NOT {_AGREED} BEGIN SELECT RAISE(ABORT, 'shown without a consent'); END",
    ),
    "postgresql": (
        _function("consents_everybody_said_yes", _SILENT, "somebody has not said yes"),
        (
            f"CREATE TRIGGER consents_everybody_said_yes {_UPDATE} FOR EACH ROW WHEN ({_GIVING}) "
            "EXECUTE FUNCTION consents_everybody_said_yes()"
        ),
        _function("consents_shown_while_live", f"NOT {_AGREED}", "shown without a consent"),
        f"CREATE TRIGGER consents_shown_while_live {_INSERT} FOR EACH ROW EXECUTE FUNCTION consents_shown_while_live()",
    ),
}
