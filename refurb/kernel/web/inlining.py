"""The cells of tables are put in the place of their calls when a template is compiled: a list of fifty rows calls hundreds of them."""

from collections.abc import Sequence
from typing import Any, Final

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

PARTS: Final = "ui.html"
NAMED: Final = "ui"
"""As every template calls it: `base.html` imports it for those that extend it."""
INLINED: Final = ("tr", "td", "th")
"""Macros of `PARTS` that are put in place: what they hold is text, what they are given, conditions on it, and what their caller writes."""

Given = dict[str, nodes.Expr]


class Inlining(NodeTransformer):
    """Puts the macros in the place of their calls."""

    def __init__(self, parts: nodes.Template) -> None:
        self.macros: Final = {each.name: each for each in parts.find_all(nodes.Macro) if each.name in INLINED}

    def visit_CallBlock(self, node: nodes.CallBlock) -> Any:  # noqa: N802 - Jinja's way to name them
        """A part around what is written between its call and its end."""
        self.generic_visit(node)
        macro = self._macro_of(node.call)
        return node if macro is None or node.args else nodes.Scope(_put_in(macro, node.call, node.body), lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> Any:  # noqa: N802 - Jinja's way to name them
        """A part by itself, between what is shown before it and after it."""
        self.generic_visit(node)
        made: list[nodes.Node] = []
        for each in node.nodes:
            macro = self._macro_of(each)
            if macro is not None:
                made += _put_in(macro, each, None)  # type: ignore[arg-type]  # a call, since it calls a macro
            else:
                made.append(nodes.Output([each], lineno=node.lineno))
        return _joined(made)

    def _macro_of(self, node: nodes.Node) -> nodes.Macro | None:
        """The macro that a node calls, with nothing that is known only when the page is drawn but its values."""
        called = node.node if isinstance(node, nodes.Call) and node.dyn_args is None and node.dyn_kwargs is None else None
        if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.node.name == NAMED:
            return self.macros.get(called.attr)
        return None


def _put_in(macro: nodes.Macro, call: nodes.Call, body: Sequence[nodes.Node] | None) -> list[nodes.Node]:
    names = [each.name for each in macro.args]
    given: Given = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
    given |= dict(zip(names, call.args, strict=False)) | {each.key: each.value for each in call.kwargs}
    assert set(given) == set(names), f"{macro.name} at line {call.lineno} is given what it does not ask for, or too little"
    return _statements(macro.body, given, body)


def _statements(found: Sequence[nodes.Node], given: Given, body: Sequence[nodes.Node] | None) -> list[nodes.Node]:
    made: list[nodes.Node] = []
    for each in found:
        if isinstance(each, nodes.If):
            made += _condition(each, given, body)
            continue
        assert isinstance(each, nodes.Output), f"a macro that is put in place holds {type(each).__name__}"
        for shown in each.nodes:
            if _asks_caller(shown):
                made += body or ()
            else:
                made.append(nodes.Output([_value(shown, given, called=body is not None)], lineno=each.lineno))
    return _joined(made)


def _condition(found: nodes.If, given: Given, body: Sequence[nodes.Node] | None) -> list[nodes.Node]:
    """What holds in any case, where that is known already; else the condition."""
    assert not found.elif_, "a macro that is put in place has plain conditions"
    test = _value(found.test, given, called=body is not None)
    if isinstance(test, nodes.Const):
        return _statements(found.body if test.value else found.else_, given, body)
    return [nodes.If(test, *(_statements(each, given, body) for each in (found.body, (), found.else_)), lineno=found.lineno)]


def _joined(found: Sequence[nodes.Node]) -> list[nodes.Node]:
    """The same with what is shown one after the other in one piece: what is constant in it becomes one text."""
    made: list[nodes.Node] = []
    for each in found:
        if isinstance(each, nodes.Output) and made and isinstance(before := made[-1], nodes.Output):
            made[-1] = nodes.Output([*before.nodes, *each.nodes], lineno=before.lineno)
        else:
            made.append(each)
    return made


def _asks_caller(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "caller"


def _value(node: Any, given: Given, *, called: bool) -> Any:
    """A copy of an expression, in which what the macro is given stands under its names."""
    if isinstance(node, list | tuple):
        return [_value(each, given, called=called) for each in node]
    if not isinstance(node, nodes.Node):
        return node
    if isinstance(node, nodes.Name) and node.name in given:
        return given[node.name]
    if isinstance(node, nodes.Test) and isinstance(node.node, nodes.Name) and node.node.name == "caller":
        return nodes.Const(called, lineno=node.lineno, environment=node.environment)
    parts = (_value(getattr(node, each), given, called=called) for each in node.fields)
    return type(node)(*parts, lineno=node.lineno, environment=node.environment)
