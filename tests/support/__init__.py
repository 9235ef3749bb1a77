"""What tests stand on: a PostgreSQL server, a browser, and other real parts started for one run."""
