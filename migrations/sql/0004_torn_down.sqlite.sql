DROP TRIGGER IF EXISTS device_pieces_insert

DROP TRIGGER IF EXISTS device_pieces_update

DROP TRIGGER IF EXISTS device_pieces_delete

DROP TABLE IF EXISTS device_pieces

DROP TABLE IF EXISTS device_pieces_places
