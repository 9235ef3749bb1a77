DROP INDEX IF EXISTS ix_devices_search_pieces
