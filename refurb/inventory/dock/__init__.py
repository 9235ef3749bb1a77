"""The loading dock: what arrives is counted, entered, refused or signed for."""
