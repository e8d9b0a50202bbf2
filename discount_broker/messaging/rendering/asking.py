"""The questions of a template's tree, turned into calls that write them down instead of deciding them."""

from typing import Any, Final

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

PHRASES: Final = ("_words.txt", "_letter.txt")
"""Templates whose macros are one phrase each, and no choice of the leads."""
COMPARISONS: Final = frozenset({"eq", "ne", "gt", "gteq", "lt", "lteq", "in", "notin"})


def written_down(tree: nodes.Template, environment: Environment) -> nodes.Template:
    changed: nodes.Template = _Asked().visit(tree)
    changed.set_environment(environment)
    changed.set_lineno(1)
    return changed


def _call(name: str, *args: nodes.Node) -> nodes.Call:
    return nodes.Call(nodes.Name(name, "load"), list(args), [], None, None)


def _say(name: str, *args: nodes.Node) -> nodes.Output:
    return nodes.Output([_call(name, *args)])


class _Asked(NodeTransformer):
    def visit_If(self, node: nodes.If, *args: Any) -> list[nodes.Node]:  # noqa: N802 - Jinja's name
        if node.elif_:
            first, *others = node.elif_
            node.else_ = [nodes.If(first.test, first.body, others, node.else_)]
            node.elif_ = []
        self.generic_visit(node, *args)
        other = [_say("_otherwise"), _way("other", node.else_)] if node.else_ else []
        return [_say("_begin", node.test), _way("first", node.body), *other, _say("_end")]

    def visit_For(self, node: nodes.For, *args: Any) -> list[nodes.Node]:  # noqa: N802
        self.generic_visit(node, *args)
        if not isinstance(node.target, nodes.Name):
            return [node]
        begin = _say("_begin_list", node.iter, nodes.Const(node.target.name))
        node.iter = _call("_things")
        return [begin, node, _say("_end_list")]

    def visit_CondExpr(self, node: nodes.CondExpr, *args: Any) -> nodes.Node:  # noqa: N802
        self.generic_visit(node, *args)
        return _call("_either", node.test, node.expr1, node.expr2 or nodes.Const(""))

    def visit_Not(self, node: nodes.Not, *args: Any) -> nodes.Node:  # noqa: N802
        self.generic_visit(node, *args)
        return _call("_not", node.node)

    def visit_And(self, node: nodes.And, *args: Any) -> nodes.Node:  # noqa: N802
        self.generic_visit(node, *args)
        return _call("_both", nodes.Const("and"), node.left, node.right)

    def visit_Or(self, node: nodes.Or, *args: Any) -> nodes.Node:  # noqa: N802
        self.generic_visit(node, *args)
        return _call("_both", nodes.Const("or"), node.left, node.right)

    def visit_Compare(self, node: nodes.Compare, *args: Any) -> nodes.Node:  # noqa: N802
        self.generic_visit(node, *args)
        if len(node.ops) > 1 or node.ops[0].op not in COMPARISONS:
            return node
        return _call("_compare", node.expr, nodes.Const(node.ops[0].op), node.ops[0].expr)

    def visit_Macro(self, node: nodes.Macro, *args: Any) -> nodes.Node:  # noqa: N802
        """Take a row without asking for its value: a row that has none goes when the text is filled."""
        if node.name == "row" and isinstance(node.body[0], nodes.If):
            node.body = node.body[0].body
        return self.generic_visit(node, *args)

    def visit_FromImport(self, node: nodes.FromImport, *_args: Any) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        template = node.template
        if not isinstance(template, nodes.Const) or not template.value.endswith(PHRASES):
            return node
        names = [name if isinstance(name, tuple) else (name, name) for name in node.names]
        return [
            nodes.Assign(nodes.Name(alias, "store"), _call("_phrase", template, nodes.Const(name)))
            for name, alias in names
        ]


def _way(which: str, body: list[nodes.Node]) -> nodes.If:
    return nodes.If(_call("_may", nodes.Const(which)), body, [], [])
