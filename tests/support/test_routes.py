"""What applications take over from one another of their routes is what each would have read."""

from werkzeug.routing import Map, Rule

from refurb.application import LateRule
from tests.support import routes


def read(kind):
    rules = [
        kind("/a/<int:number>/<word>", endpoint="a"),
        kind("/a/<int:number>", endpoint="a", defaults={"word": "x"}),
        kind("/b/<path:rest>", endpoint="b", strict_slashes=False),
        kind("/b/", endpoint="c"),
    ]
    return Map(rules), rules


def told(rule):
    return rule._parts, rule._trace, rule.arguments, {name: type(each) for name, each in rule._converters.items()}


def test_they_are_the_same_and_answer_alike(monkeypatch):
    for kind in (Rule, LateRule):
        monkeypatch.setattr(Rule, "compile", routes._compile)
        _, alone = read(kind)
        monkeypatch.setattr(Rule, "compile", routes._compile_once)
        read(kind)
        shared, rules = read(kind)
        assert list(map(told, rules)) == list(map(told, alone))
        assert all(each is not other for each, other in zip(rules, read(kind)[1], strict=True))
        adapter = shared.bind("refurb.example")
        assert adapter.match("/a/3/y") == ("a", {"number": 3, "word": "y"})
        assert adapter.match("/b/c/d") == ("b", {"rest": "c/d"})
        assert adapter.build("a", {"number": 3, "word": "y", "more": "z"}) == "/a/3/y?more=z"
        assert adapter.build("a", {"number": 3, "word": "x"}) == "/a/3"
        assert adapter.build("c") == "/b/"
