"""How the service is watched: whether it is well, in figures for Prometheus, and a line of the log for each request where asked."""
