"""E-mail addresses that people change themselves, by a link sent to the new one."""
