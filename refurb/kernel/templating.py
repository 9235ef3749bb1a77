"""How templates are compiled: what is constant in them is said, drawn and addressed then, once per language, and not at each page."""

from typing import Any

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from refurb.kernel.words import language

CONSTANT = frozenset({"_", "icon", "static_url"})
"""Globals whose answer to constant words is the same at every page of one language."""


class SpokenEnvironment(Environment):
    """Flask's environment, with one beside it for each language; whoever asks it for a template gets that of the reader's."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.language = ""
        self._spoken: dict[str, SpokenEnvironment] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's word
        """The template in the reader's language."""
        return super(SpokenEnvironment, self._reader()).get_template(name, parent, globals)

    def select_template(self, names: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's word
        """The first that exists, in the reader's language."""
        return super(SpokenEnvironment, self._reader()).select_template(names, parent, globals)

    def _reader(self) -> "SpokenEnvironment":
        if self.language:  # Already in one: what a template extends and includes speaks as it does.
            return self
        spoken = language()
        found = self._spoken.get(spoken)
        if found is None:
            made = self.overlay()
            assert isinstance(made, SpokenEnvironment)
            made.language = spoken
            # Two threads may both make one, and then one of them is kept.
            found = self._spoken.setdefault(spoken, made)
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language and self.language == language():
            _Folding(self, _own_names(tree)).visit(tree)
        return tree


def _own_names(tree: nodes.Template) -> set[str]:
    """The names that a template gives a meaning of its own."""
    own = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
    own |= {each.name for each in tree.find_all(nodes.Macro)} | {each.target for each in tree.find_all(nodes.Import)}
    for each in tree.find_all(nodes.FromImport):
        own |= {name if isinstance(name, str) else name[1] for name in each.names}
    return own


class _Folding(NodeTransformer):
    def __init__(self, environment: SpokenEnvironment, own: set[str]) -> None:
        self.said: dict[str, Any] = {name: environment.globals[name] for name in CONSTANT - own if name in environment.globals}

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - Jinja's way to name them
        """Put the answer in the place of a call with constants alone."""
        self.generic_visit(node)
        asked = self.said.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if asked is None or node.kwargs or node.dyn_args or node.dyn_kwargs or not all(isinstance(each, nodes.Const) for each in node.args):
            return node
        try:
            answer = asked(*(each.value for each in node.args if isinstance(each, nodes.Const)))
        except (LookupError, OSError):
            return node  # There is no such icon or file: the page says so if it ever asks.
        return nodes.Const(answer, lineno=node.lineno, environment=node.environment)
