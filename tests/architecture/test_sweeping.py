"""Every scheduled sweep does the other rows when it breaks at one, and its other parts likewise."""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from workers import jobs, schedule

AT_ONCE = {"learn_rates": "figures counted from all rows together: there is no row it could go on without"}
LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
HARMLESS = ("enqueue_after_commit", "partial")
"""A bell rung by its id, and the name of a part that is done later."""


def tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    (found,) = [
        node
        for node in ast.walk(_module_tree(inspect.getmodule(function)))
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__
    ]
    return found


@cache
def _module_tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def names_called(node: ast.AST) -> Iterator[str]:
    """What is called by it, as it is written."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield ast.unparse(each.func)


def use_cases_of(sweep: Callable[[], None]) -> list[Callable[..., Any]]:
    """Those that a job names, by its slice."""
    found = [
        getattr(getattr(jobs, node.value.id), node.attr)
        for node in ast.walk(tree_of(inspect.unwrap(sweep)))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and getattr(getattr(jobs, node.value.id, None), "__name__", "").endswith(".use_cases")
    ]
    assert found, "it does something"
    return found


def all_use_cases() -> list[Any]:
    found = [case for sweep in schedule.SECONDS_BETWEEN for case in use_cases_of(sweep)]
    return [pytest.param(case, id=f"{case.__module__.split('.')[1]}.{case.__name__}") for case in found]


def done_at_once(function: Callable[..., Any]) -> Iterator[ast.FunctionDef]:
    """The function, and what it calls of its own module otherwise than for each row."""
    module, seen, waiting = inspect.getmodule(function), set[str](), [function.__name__]
    while waiting:
        name = waiting.pop()
        here = getattr(module, name, None)
        if name in seen or not inspect.isfunction(here) or here.__module__ != function.__module__:
            continue
        seen.add(name)
        tree = tree_of(inspect.unwrap(here))
        yield tree
        for node in ast.walk(_without_rows(tree)):
            waiting += [node.id] if isinstance(node, ast.Name) else []


class _Rowless(ast.NodeTransformer):
    """Takes away what `for_each` does for its rows."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.func) == "for_each":
            node.args = node.args[:1]
        return node


def _without_rows(tree: ast.FunctionDef) -> ast.Module:
    copy = ast.parse(ast.unparse(tree))
    _Rowless().visit(copy)
    return copy


def acts_in_loops(function: Callable[..., Any]) -> list[str]:
    """What it calls for each of many rows without `for_each`; queries may be asked."""
    found = []
    module = import_module(function.__module__)
    for tree in done_at_once(function):
        parts = list(names_called(tree)).count("for_each")
        found += ["for_each"] if parts > 1 and "in_turn" not in names_called(tree) else []
        for loop in (node for node in ast.walk(_without_rows(tree)) if isinstance(node, LOOPS)):
            found += [name for part in _repeated(loop) for name in names_called(part)]
    return [name for name in found if name not in HARMLESS and not _is_query(getattr(module, name, None))]


def _repeated(loop: ast.AST) -> list[ast.AST]:
    """What is done for each, and not what is gone through."""
    if isinstance(loop, ast.For | ast.While):
        return [*loop.body]
    once = loop.generators[0].iter  # type: ignore[attr-defined] # every other member of LOOPS has generators
    return [part for part in ast.iter_child_nodes(loop) if part is not once and not _holds(part, once)]


def _holds(part: ast.AST, wanted: ast.AST) -> bool:
    return any(node is wanted for node in ast.walk(part))


def _is_query(called: object) -> bool:
    return ".queries" in (getattr(called, "__module__", None) or "")


@pytest.mark.parametrize("use_case", all_use_cases())
def test_a_sweep_that_breaks_at_one_row_does_the_others(use_case: Callable[..., Any]) -> None:
    acts = acts_in_loops(inspect.unwrap(use_case))
    assert bool(acts) == (use_case.__name__ in AT_ONCE), f"{acts}: use kernel.sweeping.for_each"


@pytest.mark.parametrize("sweep", schedule.SECONDS_BETWEEN, ids=lambda sweep: sweep.__name__)
def test_a_sweep_that_breaks_in_one_part_does_the_others(sweep: Callable[[], None]) -> None:
    many = len(use_cases_of(sweep)) > 1
    called = list(names_called(tree_of(inspect.unwrap(sweep))))
    assert ("in_turn" in called) == many


def test_a_loop_is_seen_however_it_is_written() -> None:
    assert acts_in_loops(_sweeps_badly) == ["len", "len", "len"]
    assert acts_in_loops(_sweeps_well) == []


def _sweeps_badly(rows: list[str]) -> int:
    for row in rows:
        len(row)
    return sum(len(row) for row in rows) + _sums(rows)


def _sums(rows: list[str]) -> int:
    return len([len(row) for row in rows])


def _sweeps_well(rows: list[str]) -> int:
    return for_each(rows, lambda row: sum(len(letter) for letter in row))


def for_each(rows: list[str], act: Callable[[str], int]) -> int:
    return sum(map(act, rows))
