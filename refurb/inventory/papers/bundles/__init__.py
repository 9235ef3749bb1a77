"""All papers of a donation or of a donor's year in one ZIP, made by the worker; and the yearly papers of every donor in one go."""
