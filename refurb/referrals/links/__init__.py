"""Links by which somebody without an account refers for a partner: given and taken back by who confirms what comes in."""
