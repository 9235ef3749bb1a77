"""Passkeys (WebAuthn): a small USB key, or the fingerprint, face or code of a computer or a telephone, as a second factor."""
