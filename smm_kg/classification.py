"""Which nodes fall under the classes that the ontology defines by what is said of a node.

The definitions are read from the ontology itself: ``owl:equivalentClass`` of an intersection, with unions,
named classes, ``owl:someValuesFrom`` a class or a range of numbers, ``owl:hasValue``, inverse properties and
property chains. An axiom of another shape is refused, so that nothing in a definition is passed over. What
they say holds in the open world too, hence a reasoner finds the same members.

Classes of data (exact, bounded, ...) are left to reasoners: each of the thousands of values would get two
more types.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from smm_kg.inference import Hierarchy, OntologyError, lines_with
from smm_kg.terms import INFERRED_GRAPH, expand, smm

__all__ = ["Definitions", "Statements"]

_END = f" <{INFERRED_GRAPH}> .\n".encode()
_NUMBERS = tuple(f"^^<{expand(name)}>".encode() for name in ("xsd:decimal", "xsd:integer"))

Term: TypeAlias = bytes
"""An IRI or a literal as N-Quads write it."""

Test: TypeAlias = Callable[["Statements", Term], bool]
"""Says whether a node is in a class."""


def _term(name: str) -> Term:
    return f"<{expand(name)}>".encode()


_TYPE = _term("rdf:type")
_DATUM = f"<{smm('Datum')}>".encode()
_COMPARE: Mapping[Term, Callable[[Decimal, Decimal], bool]] = {
    _term("xsd:minInclusive"): lambda number, limit: number >= limit,
    _term("xsd:minExclusive"): lambda number, limit: number > limit,
    _term("xsd:maxInclusive"): lambda number, limit: number <= limit,
    _term("xsd:maxExclusive"): lambda number, limit: number < limit,
}


@dataclass
class Statements:
    """Triples by predicate, from subjects and, where a definition asks for it, from objects too.

    ``classes`` are those of each node, superclasses included.
    """

    forward: dict[Term, dict[Term, list[Term]]]
    backward: dict[Term, dict[Term, list[Term]]]
    classes: dict[Term, set[Term]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, steps: Iterable[_Step]) -> Statements:
        """Return statements of nothing as yet, by the predicates of some steps."""
        asked = tuple(steps)
        return cls(
            {step.predicate: defaultdict(list) for step in asked},
            {step.predicate: defaultdict(list) for step in asked if step.inverse},
        )

    def add(self, subject: Term, predicate: Term, value: Term) -> None:
        """Add a triple, if its predicate is asked for."""
        if (ends := self.forward.get(predicate)) is not None:
            ends[subject].append(value)
            if (starts := self.backward.get(predicate)) is not None:
                starts[value].append(subject)


@dataclass(frozen=True)
class _Step:
    """A property, or its inverse."""

    predicate: Term
    inverse: bool = False

    def from_node(self, statements: Statements, node: Term) -> Sequence[Term]:
        side = statements.backward if self.inverse else statements.forward
        return side[self.predicate].get(node, ())


class Definitions:
    """The defined classes of an ontology, ready to find their members."""

    def __init__(self, ontology: bytes, hierarchy: Hierarchy) -> None:
        """Read an ontology, as :func:`smm_kg.inference.ontology_quads` gives it.

        Raises:
            OntologyError: a definition has a shape that is not understood.
        """
        self._axioms = _Axioms(ontology)
        self._above = hierarchy.classes_above
        self._chains = self._axioms.chains()
        self._steps = {_Step(name) for name in self._chains}
        self._steps.update(*self._chains.values())
        self._tests = {name: self._class(node) for name, node in self._axioms.definitions().items()}
        self._genus = {name: self._axioms.genus(name) for name in self._tests}
        # What terms say of each other (a drug and its class) is the same for every study.
        self._terms = [
            (subject, predicate, value)
            for predicate in {step.predicate for step in self._steps}
            for subject, value in lines_with(ontology, predicate)
        ]

    @property
    def classes(self) -> tuple[str, ...]:
        """The IRIs of the classes whose members are found."""
        return tuple(sorted(name[1:-1].decode() for name in self._tests))

    def materialise(
        self, nquads: bytes, others: Mapping[Term, Iterable[tuple[Term, Term, Term]]] | None = None
    ) -> bytes:
        """Return quads of the inferred graph: which node is in which defined class, and what chains relate.

        Args:
            nquads: all that is said of one study, one quad a line, as :meth:`Hierarchy.materialise` takes it.
            others: triples about nodes outside of it to which a chain of properties may lead, by node, with
                the types of all nodes in them.
        """
        statements = self._read(nquads)
        own: dict[Term, list[Term]] = defaultdict(list)
        for node, classes in statements.classes.items():
            for name in classes:
                own[name].append(node)
        studied = frozenset(statements.classes)
        chained = list(self._follow_chains(statements))
        for _, _, end in chained:
            if others and end not in studied:
                for triple in others.get(end, ()):
                    self._note(statements, *triple)
        lines = [b"%s %s %s%s" % (*triple, _END) for triple in chained]
        for name, test in self._tests.items():
            start, end = b" %s %s" % (_TYPE, name), _END
            lines += [node + start + end for node in own[self._genus[name]] if test(statements, node)]
        return b"".join(lines)

    def _read(self, nquads: bytes) -> Statements:
        statements = Statements.of(self._steps)
        asked = {_TYPE, *statements.forward}
        for line in nquads.split(b"\n"):
            subject, _, rest = line.partition(b" ")
            predicate, _, rest = rest.partition(b" ")
            if predicate in asked:
                self._note(statements, subject, predicate, rest[: rest.rfind(b" <")])
        for triple in self._terms:
            statements.add(*triple)
        return statements

    def _note(self, statements: Statements, subject: Term, predicate: Term, value: Term) -> None:
        """Add a triple of the data, that of a type with the classes above."""
        if predicate == _TYPE:
            statements.classes[subject].update((value, *self._above.get(value, ())))
        else:
            statements.add(subject, predicate, value)

    def _follow_chains(self, statements: Statements) -> Iterator[tuple[Term, Term, Term]]:
        """Yield the triples that follow from property chains, and add them to the statements."""
        for predicate, (first, *rest) in self._chains.items():
            found: dict[tuple[Term, Term], None] = {}
            for start, nodes in statements.forward[first.predicate].items():
                ends = list(nodes)
                for step in rest:
                    ends = [end for node in ends for end in step.from_node(statements, node)]
                found.update(dict.fromkeys((start, end) for end in ends))
            for start, end in found:
                statements.add(start, predicate, end)
                yield start, predicate, end

    # ------------------------------------------------------------------------------------ reading definitions

    def _class(self, node: Term) -> Test:
        """Return the test of a class expression."""
        axioms = self._axioms
        if node.startswith(b"<"):
            return partial(_is_a, node, self)
        if members := axioms.list_of(node, "owl:intersectionOf"):
            tests = [self._class(member) for member in members]
            return lambda statements, one: all(test(statements, one) for test in tests)
        if members := axioms.list_of(node, "owl:unionOf"):
            tests = [self._class(member) for member in members]
            return lambda statements, one: any(test(statements, one) for test in tests)
        step = self._property(axioms.only(node, "owl:onProperty"))
        self._steps.add(step)
        if (value := axioms.maybe(node, "owl:hasValue")) is not None:
            return lambda statements, one: value in step.from_node(statements, one)
        filler = axioms.only(node, "owl:someValuesFrom")
        test = self._range(filler) if axioms.maybe(filler, "owl:onDatatype") else self._class(filler)
        return lambda statements, one: any(test(statements, end) for end in step.from_node(statements, one))

    def _property(self, node: Term) -> _Step:
        if (inverse := self._axioms.maybe(node, "owl:inverseOf")) is not None:
            return _Step(inverse, inverse=True)
        if node.startswith(b"_:"):
            raise OntologyError("a definition uses a property that is not understood", where=node.decode())
        return _Step(node)

    def _range(self, node: Term) -> Test:
        """Return the test of a range of numbers."""
        limits = []
        for facet in self._axioms.list_of(node, "owl:withRestrictions"):
            for predicate, value in self._axioms.about(facet):
                if predicate not in _COMPARE:
                    raise OntologyError(f"a definition uses {predicate.decode()}, which is not understood")
                limits.append((_COMPARE[predicate], _number(value)))

        def within(_: Statements, literal: Term) -> bool:
            number = _number(literal)
            return number is not None and all(
                limit is not None and holds(number, limit) for holds, limit in limits
            )

        return within


def _is_a(name: Term, definitions: Definitions, statements: Statements, node: Term) -> bool:
    """Say whether a node is in a named class, by its types or by the definition of the class."""
    if name in statements.classes.get(node, ()):
        return True
    test = definitions._tests.get(name)
    return test is not None and test(statements, node)


def _number(literal: Term) -> Decimal | None:
    if not literal.endswith(_NUMBERS):
        return None
    return Decimal(literal[1 : literal.rindex(b'"')].decode())


class _Axioms:
    """The triples of an ontology from which definitions are made."""

    def __init__(self, ontology: bytes) -> None:
        import pyoxigraph as ox

        self._said: dict[Term, list[tuple[Term, Term]]] = defaultdict(list)
        about = [
            b" %s " % _term(name)
            for name in ("owl:equivalentClass", "owl:inverseOf", "owl:propertyChainAxiom")
        ]
        lines = [
            line
            for line in ontology.splitlines(keepends=True)
            if line.startswith(b"_:") or any(predicate in line for predicate in about)
        ]
        for quad in ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS):
            self._said[str(quad.subject).encode()].append(
                (str(quad.predicate).encode(), str(quad.object).encode())
            )

    def about(self, node: Term) -> list[tuple[Term, Term]]:
        return self._said[node]

    def maybe(self, node: Term, predicate: str) -> Term | None:
        wanted = _term(predicate)
        return next((value for name, value in self._said.get(node, ()) if name == wanted), None)

    def only(self, node: Term, predicate: str) -> Term:
        value = self.maybe(node, predicate)
        if value is None:
            raise OntologyError(f"a definition has no {predicate} where one is needed", where=node.decode())
        return value

    def list_of(self, node: Term, predicate: str) -> list[Term]:
        """Return the members of an RDF list, none if the node has no such list."""
        members, rest = [], self.maybe(node, predicate)
        while rest is not None and rest != _term("rdf:nil"):
            members.append(self.only(rest, "rdf:first"))
            rest = self.only(rest, "rdf:rest")
        return members

    def definitions(self) -> dict[Term, Term]:
        """Return the expression that each defined class is, those of data excepted."""
        found = {}
        for name in sorted(self._said):
            expression = self.maybe(name, "owl:equivalentClass")
            if name.startswith(b"<") and expression is not None and expression.startswith(b"_:"):
                members = self.list_of(expression, "owl:intersectionOf")
                if members and members[0] != _DATUM:
                    found[name] = expression
        return found

    def genus(self, name: Term) -> Term:
        """Return the class, not itself defined, under which all members of a defined class are."""
        expression = self.maybe(name, "owl:equivalentClass")
        if expression is None:
            return name
        return self.genus(self.list_of(expression, "owl:intersectionOf")[0])

    def chains(self) -> dict[Term, tuple[_Step, ...]]:
        """Return the properties of which each property with a chain is made."""
        return {
            name: tuple(map(_Step, members))
            for name in sorted(self._said)
            if (members := self.list_of(name, "owl:propertyChainAxiom"))
        }
