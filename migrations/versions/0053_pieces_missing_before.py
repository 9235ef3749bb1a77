"""pieces that were missing before they were counted one by one"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

# What the last line of a thing counted is what was here: what had come back, or what has left while it is out. Only where nothing has
# moved since the pieces got their rows (those have no actor), and where nobody wrote the contents anew, or completed them, since that line.
# What is consumed is not missed, and more than is here does not appear.
NOTICED = """
INSERT INTO piece_moves (item_id, component, delta, why, line_id, at)
SELECT part.item_id, part.name, coalesce(count.quantity_back, count.quantity_out) - part.here, 'noticed', line.id, CURRENT_TIMESTAMP
FROM components AS part
JOIN loan_lines AS line ON line.id = (SELECT max(latest.id) FROM loan_lines AS latest WHERE latest.item_id = part.item_id)
JOIN component_counts AS count ON count.line_id = line.id AND count.name = part.name
WHERE NOT part.consumable AND coalesce(count.quantity_back, count.quantity_out) < part.here AND count.quantity_expected = part.quantity
    AND part.here = (SELECT sum(move.delta) FROM piece_moves AS move WHERE move.item_id = part.item_id AND move.component = part.name)
    AND NOT EXISTS (
        SELECT 1 FROM piece_moves AS move WHERE move.item_id = part.item_id AND move.component = part.name
            AND (move.actor_id IS NOT NULL OR move.why NOT IN ('entered', 'missing'))
    )
    AND NOT EXISTS (
        SELECT 1 FROM events AS event WHERE event.subject_kind = 'item' AND event.subject_id = part.item_id
            AND event.move IN ('complete', 'corrected', 'contents_corrected', 'rejoin') AND event.at >= coalesce(line.back_at, line.out_at)
    )
"""
HERE = """
UPDATE components SET here = (
    SELECT sum(move.delta) FROM piece_moves AS move WHERE move.item_id = components.item_id AND move.component = components.name
)
WHERE here > (
    SELECT sum(move.delta) FROM piece_moves AS move WHERE move.item_id = components.item_id AND move.component = components.name
)
"""


def upgrade() -> None:
    op.execute(NOTICED)
    op.execute(HERE)


def downgrade() -> None:
    """What is missing stays missing."""
