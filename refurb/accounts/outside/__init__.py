"""Sign-in by another service (OpenID Connect): an account is linked to who somebody is there; none is ever opened by it alone."""
