"""From codes to sentences: when the catalogues are read."""

from refurb.application import make_ready
from refurb.kernel.speech.sentences import REFUSALS


def test_a_process_that_was_made_ready_has_read_the_sentences_of_every_language(app):
    REFUSALS.cache.clear()
    make_ready(app)
    assert {language for language, _domain in REFUSALS.cache} == {"en", "fr"}
