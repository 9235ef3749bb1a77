"""Routes read once for all the applications of a process, of which each would read the same twelve hundred."""

from typing import Any, Final

from werkzeug.routing import Rule

from refurb.application import LateRule

_read: Final[dict[tuple[Any, ...], Rule]] = {}
_compile: Final = Rule.compile


def share() -> None:
    """Let every application from now on take over what an earlier one has read of a route that is written the same way."""
    Rule.compile = _compile_once


def _compile_once(rule: Rule) -> None:
    written = (type(rule), rule.rule, rule.host, rule.subdomain, rule.merge_slashes, rule.is_leaf, repr(rule.defaults))
    key = (*written, rule.map.host_matching, tuple(rule.map.converters.items()))
    before = _read.get(key)
    if before is None:
        _compile(rule)
        _read[key] = rule
        return
    rule._parts, rule._trace, rule._converters = list(before._parts), list(before._trace), dict(before._converters)
    rule.arguments |= before.arguments
    if isinstance(rule, LateRule):  # It learns to write addresses later, for itself.
        rule._build = rule._compile_builder(append_unknown=False).__get__(rule, None)
        rule._build_unknown = rule._compile_builder(append_unknown=True).__get__(rule, None)
    else:
        rule._build, rule._build_unknown = before._build.__func__.__get__(rule, None), before._build_unknown.__func__.__get__(rule, None)
