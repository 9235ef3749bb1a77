"""How templates are compiled: what is constant in them is said, drawn and addressed then, once per language, and not at each page."""

import threading
from typing import Any

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import _escape_inner  # type: ignore[attr-defined]  # what `escape` does before it wraps

from refurb.kernel.speech.words import language
from refurb.kernel.web.compiled import Compiled
from refurb.kernel.web.inlining import NAMED, PARTS, Inlining

CONSTANT = frozenset({"_", "_p", "icon", "static_url"})
"""Globals whose answer to constant words is the same at every page of one language."""


def shown(value: Any) -> str:
    """A value as a page shows it: escaped, but without the wrapping that says so, since it is joined to the page at once."""
    if type(value) is str:
        return str(_escape_inner(value))
    return str(value.__html__()) if hasattr(value, "__html__") else str(_escape_inner(str(value)))


class _Written(CodeGenerator):
    """Jinja's compiler, which escapes what a page shows by `shown`."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's way to name them
        self.writeline(f"from {__name__} import shown")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("shown(")


class SpokenEnvironment(Environment):
    """Flask's environment, with one beside it for each language; whoever asks it for a template gets that of the reader's."""

    code_generator_class = _Written

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options, bytecode_cache=Compiled(CONSTANT))
        self.language = ""
        self.spoken: dict[str, SpokenEnvironment] = {}
        self._cells: tuple[str, Inlining] | None = None
        # Whoever asks first compiles; those who come meanwhile wait for it, where each would have compiled it for itself.
        self._turn = threading.RLock()

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's word
        """The template in the reader's language."""
        return super(SpokenEnvironment, self._reader()).get_template(name, parent, globals)

    def select_template(self, names: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 - Jinja's word
        """The first that exists, in the reader's language."""
        return super(SpokenEnvironment, self._reader()).select_template(names, parent, globals)

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 - Jinja's word
        with self._turn:
            return super()._load_template(name, globals)

    def _reader(self) -> "SpokenEnvironment":
        if self.language:  # Already in one: what a template extends and includes speaks as it does.
            return self
        spoken = language()
        found = self.spoken.get(spoken)
        if found is None:
            made = self.overlay()
            assert isinstance(made, SpokenEnvironment)
            made.language = spoken
            # Two threads may both make one, and then one of them is kept.
            found = self.spoken.setdefault(spoken, made)
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language and self.language == language():
            _Folding(self, _own_names(tree)).visit(tree)
            if name != PARTS and f"{NAMED}." in source:
                self._inlining().visit(tree)
        return tree

    def _inlining(self) -> Inlining:
        assert self.loader is not None
        source, filename, _is_as_it_was = self.loader.get_source(self, PARTS)
        if self._cells is None or self._cells[0] != source:
            self._cells = source, Inlining(super()._parse(source, PARTS, filename))
        return self._cells[1]


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
