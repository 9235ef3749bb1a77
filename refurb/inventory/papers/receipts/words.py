"""How the value of a gift is said: by whom, and by which method."""

from enum import StrEnum

from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.speech.words import _l


class ValuedBy(StrEnum):
    """Who answers for a value: a company for its own gift, in writing; for a private person whoever receives, who looks."""

    DONOR = "donor"
    RECEIVER = "receiver"


class Method(StrEnum):
    """What a company declares: what the good stands for in its books, or what it cost (CGI, article 238 bis, 1)."""

    BOOK = "book"
    STOCK = "stock"


METHODS = {
    Method.BOOK: _l("Immobilisation : valeur nette comptable au jour du don"),
    Method.STOCK: _l("Bien en stock : coût de revient"),
}
METHODS_SAID = {
    Method.BOOK: _l("valeur nette comptable au jour du don"),
    Method.STOCK: _l("coût de revient"),
}


class Article(StrEnum):
    """By which article of the CGI a receipt is given."""

    INDIVIDUALS = "200"
    COMPANIES = "238bis"


ARTICLES = {Article.INDIVIDUALS: "200", Article.COMPANIES: "238 bis"}
ARTICLE_OF = {LegalOrigin.INDIVIDUAL: Article.INDIVIDUALS, LegalOrigin.COMPANY: Article.COMPANIES}
"""Of which gifts there may be a receipt at all."""
VALUER_OF = {Article.INDIVIDUALS: ValuedBy.RECEIVER, Article.COMPANIES: ValuedBy.DONOR}
