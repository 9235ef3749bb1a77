"""The declaration of accessibility that the territory makes after an audit (law 2005-102 art. 47, decree 2019-768), kept as versions."""
