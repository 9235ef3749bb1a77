"""The walls of the database behind consents: none is given before everybody said yes, nobody is shown whose consent does not hold.

The rules that people meet are `actions.say_yes` and `uses.record_use`. Run by the migration.
"""

_SILENT = """NOT EXISTS (SELECT 1 FROM ceremony_consent_voices AS voice WHERE voice.consent_id = NEW.id)
OR EXISTS (SELECT 1 FROM ceremony_consent_voices AS voice WHERE voice.consent_id = NEW.id AND voice.said_yes IS NOT TRUE)"""
_AGREED = """EXISTS (SELECT 1 FROM ceremony_consent_grants AS given JOIN ceremony_consents AS consent ON consent.id = given.consent_id
JOIN ceremony_uses AS shown ON shown.id = NEW.use_id WHERE given.id = NEW.grant_id AND consent.given_at IS NOT NULL
AND given.withdrawn_at IS NULL AND given.channel = shown.channel AND given.showing = shown.showing
AND given.until >= shown.published_on AND {given_on})"""
_GIVEN_ON = {
    "sqlite": "date(consent.given_at) <= date(shown.published_on, '+1 day')",
    "postgresql": "CAST(consent.given_at AS date) <= shown.published_on + 1",
}
"""Not put up before it was given; a day more, for the database does not know where the day begins."""
_BORN = "BEFORE INSERT ON ceremony_consents"
_BORN_GIVEN = "NEW.given_at IS NOT NULL"
_UNHEARD = "somebody has not said yes"
_GIVING = "NEW.given_at IS NOT NULL AND OLD.given_at IS NULL"
_UPDATE = "BEFORE UPDATE OF given_at ON ceremony_consents"
_INSERT = "BEFORE INSERT ON ceremony_use_grants"


def _function(name: str, wrong: str, said: str) -> str:
    refused = f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'"
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {wrong} THEN {refused}; END IF; RETURN NEW; END $$"


def _agreed(backend: str) -> str:
    return _AGREED.replace("{given_on}", _GIVEN_ON[backend])


CONSENTS_WALL: dict[str, tuple[str, ...]] = {
    "sqlite": (
        (
            f"CREATE TRIGGER consents_everybody_said_yes {_UPDATE} WHEN {_GIVING} AND ({_SILENT}) "
            f"BEGIN SELECT RAISE(ABORT, '{_UNHEARD}'); END"
        ),
        f"CREATE TRIGGER consents_born_ungiven {_BORN} WHEN {_BORN_GIVEN} BEGIN SELECT RAISE(ABORT, '{_UNHEARD}'); END",
        (
            f"CREATE TRIGGER consents_shown_while_live {_INSERT} WHEN NOT {_agreed('sqlite')} "
            "BEGIN SELECT RAISE(ABORT, 'shown without a consent'); END"
        ),
    ),
    "postgresql": (
        _function("consents_everybody_said_yes", _SILENT, _UNHEARD),
        (
            f"CREATE TRIGGER consents_everybody_said_yes {_UPDATE} FOR EACH ROW WHEN ({_GIVING}) "
            "EXECUTE FUNCTION consents_everybody_said_yes()"
        ),
        _function("consents_born_ungiven", _BORN_GIVEN, _UNHEARD),
        f"CREATE TRIGGER consents_born_ungiven {_BORN} FOR EACH ROW EXECUTE FUNCTION consents_born_ungiven()",
        _function("consents_shown_while_live", f"NOT {_agreed('postgresql')}", "shown without a consent"),
        f"CREATE TRIGGER consents_shown_while_live {_INSERT} FOR EACH ROW EXECUTE FUNCTION consents_shown_while_live()",
    ),
}
