"""The wall of the database behind « somebody administers »: the last who does keeps the role, and an open account."""

_SOMEBODY = (
    "EXISTS (SELECT 1 FROM role_grants JOIN accounts ON accounts.id = role_grants.account_id "
    "WHERE role_grants.role = 'admin' AND accounts.is_active)"
)
_HERS = "EXISTS (SELECT 1 FROM role_grants WHERE role_grants.account_id = OLD.id AND role_grants.role = 'admin')"
_REFUSED = "BEGIN SELECT RAISE(ABORT, 'last_administrator'); END"

LAST_ADMINISTRATOR: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"CREATE TRIGGER last_administrator_gone AFTER DELETE ON role_grants WHEN OLD.role = 'admin' AND NOT {_SOMEBODY} {_REFUSED}",
        (
            "CREATE TRIGGER last_administrator_changed AFTER UPDATE OF role, account_id ON role_grants "
            f"WHEN OLD.role = 'admin' AND NOT {_SOMEBODY} {_REFUSED}"
        ),
        (
            "CREATE TRIGGER last_administrator_closed AFTER UPDATE OF is_active ON accounts "
            f"WHEN OLD.is_active AND NOT NEW.is_active AND {_HERS} AND NOT {_SOMEBODY} {_REFUSED}"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_TABLE_NAME = 'accounts' AND NOT {_HERS} THEN RETURN NULL; END IF; "
            f"IF NOT {_SOMEBODY} THEN RAISE EXCEPTION 'last_administrator' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER last_administrator_gone AFTER DELETE OR UPDATE OF role, account_id ON role_grants FOR EACH ROW "
            "WHEN (OLD.role = 'admin') EXECUTE FUNCTION keep_an_administrator()"
        ),
        (
            "CREATE TRIGGER last_administrator_closed AFTER UPDATE OF is_active ON accounts FOR EACH ROW "
            "WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION keep_an_administrator()"
        ),
    ),
}
