"""Settings, policies and the way the service is started: what an installation may change without touching the code."""
