"""One history of migrations for SQLite and PostgreSQL; a package, so that a wheel has it."""
