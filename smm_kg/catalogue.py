"""The query catalogue: one question per file, plain SPARQL that any engine runs as it stands.

A file begins with a header of lines ``#+``, which are YAML: ``summary``, ``question`` and ``params``. A
parameter acts where the query has the line ``VALUES ?name { UNDEF }``, which alone means "no filter"; given
values stand in the place of ``UNDEF`` as terms written by us, never as text pasted in. A value that names
something (a term, a study, an arm, a grade) is looked up in the graph, so that a slip of the pen is an error
and not an empty answer.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from smm_kg.errors import SmmKgError
from smm_kg.terms import PREFIXES, STUDY, TermError, expand, is_iri, is_slug, sparql_iri, sparql_string
from smm_kg.yaml_text import parse_yaml

__all__ = [
    "WORDS", "Catalogue", "CatalogueError", "Name", "Names", "Parameter", "ParameterError", "Query",
    "UnknownQueryError",
]  # fmt: skip

# A sentence may hold a colon or a hash, at which YAML would begin a key or a comment.
_SENTENCE = re.compile(r"^(summary|question): *([^\s\"'|>].*(?:: | #).*)$", re.MULTILINE)
_UNDEF = re.compile(r"^([ \t]*VALUES[ \t]+\?(\w+)[ \t]*\{)[ \t]*UNDEF[ \t]*(\}[ \t]*)$", re.MULTILINE)
_ARTICLES = {
    "term": "a term",
    "study": "a study",
    "arm": "the id of an arm",
    "arm-or-contrast": "the id of an arm or a contrast",
    "contrast": "a contrast",
    "population": "a population",
    "measure": "a measure",
    "grade": "a grade",
    "timepoint": "a time",
    "iri": "an IRI",
    "string": "a text",
    "number": "a number",
    "integer": "an integer",
}
_ARM = "{ ?one a smm:Arm ; dcterms:identifier ?word }"
_CONTRAST = "{ ?one a smm:Contrast ; rdfs:label ?word }"
_PATHS = ("/".join(["rdfs:subClassOf"] * depth) for depth in range(1, 6))  # a path of any length is slow
_MEASURE = " UNION ".join(f"{{ ?one {path} smm:Datum }}" for path in _PATHS)
WORDS = {
    "arm": _ARM,
    "arm-or-contrast": f"{_ARM} UNION {_CONTRAST}",
    "contrast": _CONTRAST,
    "population": "?one a smm:AnalysisSet ; rdfs:label ?word",
    "measure": f"{_MEASURE} ?one rdfs:label ?word",
    "grade": "?one smm:grade ?word",
    "timepoint": "?one smm:timepoint ?word",
}
"""The types of parameters whose values are words of the graph, and the pattern that finds each ``?word``."""

_SHOWN = 20
_PARAMETER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


class CatalogueError(SmmKgError):
    """A query file that cannot be used, or a query that is not there."""


class UnknownQueryError(CatalogueError):
    """There is no query of that name."""


class ParameterError(CatalogueError):
    """A parameter that the query has not, or a value that it cannot take."""


class Name(NamedTuple):
    """A name by which the graph knows something: its IRI, the name, and 0 for a label or 1 for another name.

    A word of :data:`WORDS` names no term, so its IRI is empty.
    """

    iri: str
    label: str
    rank: int = 0


Names: TypeAlias = Callable[[str], Sequence[Name]]
"""Gives the names of the instances of a class or of the concepts of a scheme, by its IRI, or the words of a
type of :data:`WORDS`."""


class _ParameterHeader(msgspec.Struct, forbid_unknown_fields=True):
    type: Literal[
        "term", "study", "arm", "arm-or-contrast", "contrast", "population", "measure", "grade", "timepoint",
        "iri", "string", "number", "integer",
    ]  # fmt: skip
    of: str | None = None
    default: str | list[str] | None = None
    values: list[str] = []
    help: str | None = None


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    summary: str
    question: str
    params: dict[str, _ParameterHeader] = {}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query.

    ``type`` is ``term`` (an individual of the class or scheme ``of``, by label, slug or IRI), ``study`` (by
    id, label or IRI), a type of :data:`WORDS` (case ignored), ``iri``, ``string``, ``number`` or ``integer``.
    ``values`` are the only ones allowed,
    if any are listed; ``default`` is taken when none is given.
    """

    name: str
    type: str
    of: str | None = None
    default: str | tuple[str, ...] | None = None
    values: tuple[str, ...] = ()
    help: str | None = None

    def terms(self, given: object, names: Names) -> list[str]:
        """Return one value or several as SPARQL terms.

        Raises:
            ParameterError: a value is not of the type, not allowed, or names no term, or more than one.
        """
        several = isinstance(given, (list, tuple, set, frozenset))
        values = list(given) if several else [given]  # type: ignore[call-overload]
        if not values:
            what = f"parameter {self.name!r} is given an empty list"
            raise ParameterError(what, hint="leave it out for no filter")
        write = _WRITERS[self.type]
        try:
            return [write(self, self._allowed(value), names) for value in values]
        except TermError as error:
            raise ParameterError(f"parameter {self.name!r}: {error}") from error

    def _allowed(self, value: object) -> str:
        """Return a value as text, checked against those allowed (case ignored)."""
        if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
            raise ParameterError(f"parameter {self.name!r} takes {_ARTICLES[self.type]}, not {value!r}")
        text = str(value)
        if not self.values:
            return text
        for allowed in self.values:
            if allowed.casefold() == text.casefold():
                return allowed
        raise ParameterError(f"parameter {self.name!r} does not take {text!r}", candidates=self.values)


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the catalogue: its name, what it answers, its parameters and its SPARQL text."""

    name: str
    summary: str
    question: str
    parameters: tuple[Parameter, ...]
    text: str

    def bind(self, values: Mapping[str, object], names: Names) -> str:
        """Return the text with values in the places of its parameters.

        Args:
            values: one value or several by parameter; None is the same as leaving the parameter out.
            names: how labels of terms are found.

        Raises:
            ParameterError: there is no such parameter, or a value does not fit it.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise ParameterError(
                    f"the query {self.name!r} has no parameter {name!r}",
                    hint=f"it has: {', '.join(known)}" if known else "it has none",
                )
        bound = {}
        for parameter in self.parameters:
            given = values.get(parameter.name)
            given = parameter.default if given is None else given
            if given is not None:
                bound[parameter.name] = " ".join(parameter.terms(given, names))
        if not bound:
            return self.text
        return _UNDEF.sub(lambda line: f"{line[1]} {bound.get(line[2], 'UNDEF')} {line[3]}", self.text)


class Catalogue:
    """The queries of a folder, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of ``.rq`` files."""
        self.folder = folder
        self._read: dict[str, Query] = {}

    def names(self) -> tuple[str, ...]:
        """Return the names of the queries, in order."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.rq")))

    def __iter__(self) -> Iterator[Query]:
        return (self[name] for name in self.names())

    def __getitem__(self, name: str) -> Query:
        """Return a query.

        Raises:
            UnknownQueryError: there is none of that name; the message names those that are like it.
            CatalogueError: its file is not as it should be.
        """
        if name not in self._read:
            if name not in self.names():
                near = difflib.get_close_matches(name, self.names(), n=5, cutoff=0.4)
                what = f"there is no query {name!r}"
                raise UnknownQueryError(what, candidates=near, hint="list them: smm-kg queries")
            self._read[name] = _read_query(self.folder / f"{name}.rq")
        return self._read[name]


def _read_query(path: Path) -> Query:
    """Read a query file.

    Raises:
        CatalogueError: its header is not as it should be, or does not tell the same parameters as its text.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"cannot be read: {error}", where=str(path)) from error
    lines = [line[2:].removeprefix(" ") for line in text.split("\n") if line.startswith("#+")]
    head = _SENTENCE.sub(lambda line: f"{line[1]}: {json.dumps(line[2])}", "\n".join(lines))
    try:
        header = msgspec.convert(parse_yaml(head, path.name).tree, _Header)
    except msgspec.ValidationError as error:
        raise CatalogueError(f"the header is wrong: {error}", where=str(path)) from error
    acting = dict.fromkeys(line[2] for line in _UNDEF.finditer(text))
    for name in {**acting, **header.params}:
        if not _PARAMETER_NAME.fullmatch(name):
            raise CatalogueError(f"the parameter name {name!r} is not letters and digits", where=str(path))
        if (name in acting) != (name in header.params):
            lacks = "the header" if name in acting else f"the text, as a line VALUES ?{name} {{ UNDEF }},"
            raise CatalogueError(f"{lacks} lacks the parameter {name!r}", where=str(path))
    parameters = [_parameter(name, found, path) for name, found in header.params.items()]
    return Query(path.stem, header.summary, header.question, tuple(parameters), text)


def _parameter(name: str, header: _ParameterHeader, path: Path) -> Parameter:
    if (header.of is not None) != (header.type == "term"):
        raise CatalogueError(f"the parameter {name!r}: a term, and nothing else, has `of`", where=str(path))
    try:
        of = expand(header.of) if header.of else None
    except TermError as error:
        raise CatalogueError(f"the parameter {name!r}: {error}", where=str(path)) from error
    default = tuple(header.default) if isinstance(header.default, list) else header.default
    return Parameter(name, header.type, of, default, tuple(header.values), header.help)


def _term(parameter: Parameter, text: str, names: Names) -> str:
    """Return the IRI of the one term that has a name, case and spacing ignored."""
    known = names(parameter.of or f"{PREFIXES['smm']}Study")
    wanted = _folded(text)
    iri = _iri_of(text)
    for matches in (
        {name.iri for name in known if name.iri == iri},
        {name.iri for name in known if _slug(name) == wanted},
        {name.iri for name in known if name.rank == 0 and _folded(name.label) == wanted},
        {name.iri for name in known if name.rank != 0 and _folded(name.label) == wanted},
        {name.iri for name in known if _slug(name) == f"{wanted}-{_kind(parameter).rpartition(' ')[2]}"},
    ):
        if len(matches) == 1:
            return sparql_iri(matches.pop())
        if matches:
            what = f"parameter {parameter.name!r}: {text!r} is the name of several"
            raise ParameterError(what, candidates=sorted(matches), hint="give the IRI of one of them")
    labels = {_folded(name.label): name.label for name in sorted(known, key=lambda name: -name.rank)}
    near = difflib.get_close_matches(wanted, labels, n=5, cutoff=0.5)
    what = f"parameter {parameter.name!r}: there is no {_kind(parameter)} {text!r}"
    raise ParameterError(what, candidates=[labels[one] for one in near])


def _word(parameter: Parameter, text: str, names: Names) -> str:
    """Return the words of the graph that a text is, case and spacing ignored unless one is just the same."""
    words = [name.label for name in names(parameter.type)]
    wanted = _folded(text)
    found = [word for word in words if word == text] or [word for word in words if _folded(word) == wanted]
    if found:
        return " ".join(map(sparql_string, found))
    folded = {_folded(word): word for word in words}
    near = [folded[one] for one in difflib.get_close_matches(wanted, folded, n=5, cutoff=0.5)]
    what = f"parameter {parameter.name!r}: there is no {_kind(parameter)} {text!r}"
    raise ParameterError(what, candidates=near or words[:_SHOWN])


def _kind(parameter: Parameter) -> str:
    if parameter.type == "study" or parameter.type in WORDS:
        return parameter.type.replace("-", " ")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", (parameter.of or "").rpartition("#")[2]).lower()
    return words or "term"


def _slug(name: Name) -> str:
    return _folded(name.iri.rpartition("#")[2])


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _iri_of(text: str) -> str | None:
    """Return the IRI that a text is, in full or compact, if it is one."""
    prefix, colon, _ = text.partition(":")
    if colon and prefix in PREFIXES:
        return expand(text)
    text = text[1:-1] if text[:1] == "<" and text[-1:] == ">" else text
    return text if is_iri(text) else None


def _node_of(text: str) -> str | None:
    """Return the IRI of a node of a study from its short form on the screen: ``mateos-2013#ttp-effect``."""
    study, hash_, name = text.partition("#")
    return f"{STUDY}{text}" if hash_ and name and is_slug(study) and is_iri(STUDY + text) else None


def _iri(parameter: Parameter, text: str, _names: Names) -> str:
    iri = _iri_of(text) or _node_of(text)
    if iri is None:
        raise ParameterError(f"parameter {parameter.name!r} takes {_ARTICLES['iri']}, not {text!r}")
    return sparql_iri(iri)


def _number(parameter: Parameter, text: str, _names: Names, datatype: str) -> str:
    """Return a number as the literal that data hold: canonical, so that it joins as well as compares."""
    try:
        number = Decimal(text)
        if not number.is_finite() or (datatype == "integer" and number != number.to_integral_value()):
            raise InvalidOperation
    except InvalidOperation:
        raise ParameterError(
            f"parameter {parameter.name!r} takes {_ARTICLES[parameter.type]}, not {text!r}"
        ) from None
    whole, _, fraction = f"{abs(number):f}".partition(".")
    canonical = ".".join(filter(None, [whole.lstrip("0") or "0", fraction.rstrip("0")]))
    return f'"{"-" if number < 0 else ""}{canonical}"^^<{PREFIXES["xsd"]}{datatype}>'


_WRITERS: Mapping[str, Callable[[Parameter, str, Names], str]] = {
    "term": _term,
    "study": _term,
    **dict.fromkeys(WORDS, _word),
    "iri": _iri,
    "string": lambda parameter, text, names: sparql_string(text),
    "number": partial(_number, datatype="decimal"),
    "integer": partial(_number, datatype="integer"),
}
