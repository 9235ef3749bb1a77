"""Whether a drive is inside a machine: noted beside it by the database whenever a stay begins or ends, for the lists of drives."""

from refurb.kernel.deeds.walls import Statements

_BEGINS = "UPDATE drives SET inside = {true} WHERE id = NEW.drive_id"
_TURNS = "UPDATE drives SET inside = (NEW.until IS NULL) WHERE id = NEW.drive_id"
_IS_A_TURN = "(NEW.until IS NULL) <> (OLD.until IS NULL)"

# Of one drive one stay at most is open (`uq_drive_stays_now`), and no stay is given to another drive (`drive_stays_hold`).
INSIDE: Statements = {
    "sqlite": (
        (f"CREATE TRIGGER drives_inside_begins AFTER INSERT ON drive_stays WHEN NEW.until IS NULL BEGIN {_BEGINS.format(true='1')}; END"),
        f"CREATE TRIGGER drives_inside_turns AFTER UPDATE OF until ON drive_stays WHEN {_IS_A_TURN} BEGIN {_TURNS}; END",
    ),
    "postgresql": (
        (
            "CREATE FUNCTION drives_inside_begins() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_BEGINS.format(true='true')}; RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER drives_inside_begins AFTER INSERT ON drive_stays FOR EACH ROW WHEN (NEW.until IS NULL) "
            "EXECUTE FUNCTION drives_inside_begins()"
        ),
        f"CREATE FUNCTION drives_inside_turns() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_TURNS}; RETURN NULL; END $$",
        (
            f"CREATE TRIGGER drives_inside_turns AFTER UPDATE OF until ON drive_stays FOR EACH ROW WHEN ({_IS_A_TURN}) "
            "EXECUTE FUNCTION drives_inside_turns()"
        ),
    ),
}
