-- trigger piece_moves_no_update
CREATE TRIGGER piece_moves_no_update BEFORE UPDATE ON piece_moves BEGIN SELECT RAISE(ABORT, 'piece moves are append-only'); END

-- trigger piece_moves_no_delete
CREATE TRIGGER piece_moves_no_delete BEFORE DELETE ON piece_moves BEGIN SELECT RAISE(ABORT, 'piece moves are append-only'); END
