"""Pictures of what comes back broken, kept with the pile until it is recorded."""

from collections.abc import Mapping

from refurb.kernel.deeds.database import db
from refurb.lending.counter.models import Pile, PilePhoto
from refurb.lending.counter.shown import shown_pile


def keep_photos(pile: Pile, photos: Mapping[tuple[int, int], bytes]) -> None:
    """Keep pictures of pieces that come back broken (`clean_picture`), by line and count; a later one takes the place of the one before."""
    if not photos:
        return
    for shown in shown_pile(pile).returning:
        counts = {each.key for each in shown.counted}
        for (line, count), photo in photos.items():
            if line == shown.row.id and count in counts:
                wipe_photo(pile, line, count)
                db.session.flush()
                shown.row.photos.append(PilePhoto(count_id=count, photo=photo))
    db.session.flush()


def wipe_photo(pile: Pile, line_id: int, count: int) -> None:
    """A picture was not meant."""
    for line in pile.lines:
        if line.id == line_id:
            line.photos = [each for each in line.photos if each.count_id != count]
