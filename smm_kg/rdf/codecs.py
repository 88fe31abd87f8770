"""How one value of a field becomes one RDF term, and comes back: the cells of ``table``, in both directions.

``write`` is a fragment of an f-string in which ``$`` stands for the value and ``n`` for the
:class:`~smm_kg.rdf.names.Names` of the study; the writer compiles it. ``read`` takes the term and the IRI
that the study's nodes begin with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from smm_kg.rdf.names import RdfError, measure_of_class
from smm_kg.terms import PREFIXES, SMM, STUDY, compact, is_slug

if TYPE_CHECKING:
    import pyoxigraph

__all__ = [
    "CATEGORY", "DECIMAL", "FACT", "INTEGER", "MEASURE", "MEMBER", "REFERENCE", "SECTION", "SET_KIND",
    "STRING", "STUDY_NODE", "TERM", "VARIED_FACT", "Codec", "Term", "local", "words",
]  # fmt: skip

Term: TypeAlias = "pyoxigraph.NamedNode | pyoxigraph.Literal | pyoxigraph.BlankNode"

_XSD = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class Codec:
    """One kind of value: its f-string fragment, its reader, and the names that the fragment uses."""

    write: str
    read: Callable[[Term, str], Any]
    scope: Mapping[str, object] = field(default_factory=dict)


def _text(term: Term, *datatypes: str) -> str:
    """Return the text of a literal of one of the XSD datatypes, or refuse the term."""
    datatype = getattr(term, "datatype", None)
    if datatype is None or datatype.value.removeprefix(_XSD) not in datatypes:
        raise RdfError(f"{term} is not a literal of datatype xsd:{datatypes[0]}")
    return str(term.value)


def _after(term: Term, base: str) -> str:
    """Return what follows ``base`` in an IRI, or refuse the term."""
    iri = str(term.value)
    if getattr(term, "datatype", None) is not None or not iri.startswith(base) or iri == base:
        raise RdfError(f"{term} is not an IRI that begins with {compact(base)}")
    return iri[len(base) :]


def _number(kind: type, term: Term, *datatypes: str) -> Any:
    text = _text(term, *datatypes)
    try:
        return kind(text)
    except (ValueError, ArithmeticError):
        raise RdfError(f"{term} is not a number") from None


def _section(term: Term, _base: str) -> tuple[str, ...]:
    parts, escaped = [""], False
    for character in _text(term, "string"):
        if not escaped and character == "/":
            parts.append("")
        elif not escaped and character == "\\":
            escaped = True
            continue
        else:
            parts[-1] += character
        escaped = False
    return tuple(parts)


STRING = Codec("{quote($)}", lambda term, base: _text(term, "string"))
INTEGER = Codec(f'"{{$}}"^^<{_XSD}integer>', lambda term, base: _number(int, term, "integer"))
DECIMAL = Codec(
    f'"{{n.decimals[$]}}"^^<{_XSD}decimal>', lambda term, base: _number(Decimal, term, "decimal", "integer")
)
SECTION = Codec("{quote(n.sections[$])}", _section)
TERM = Codec("{n.terms[$]}", lambda term, base: _after(term, SMM))
MEASURE = Codec("{n.measures[$]}", lambda term, base: measure_of_class(_after(term, SMM)))
FACT = Codec("{n.facts[$]}", lambda term, base: _after(term, base))
VARIED_FACT = Codec("{n.facts_of_any_source[$]}", lambda term, base: _after(term, base))
REFERENCE = Codec(
    "{n.references[str($)]}", lambda term, base: int(_after(term, base + "reference-")), {"str": str}
)


def _suffixed(term: Term, base: str, suffix: str) -> str:
    name = _after(term, base)
    if not name.endswith(suffix) or name == suffix:
        raise RdfError(f"{term} does not end in {suffix}")
    return name.removesuffix(suffix)


def _either(term: Term, first: str, mark: str, second: str) -> str:
    """Read an IRI that begins with ``first`` (giving ``mark`` and the rest) or else with ``second``."""
    if str(term.value).startswith(first):
        return mark + _after(term, first)
    return _after(term, second)


def _another_study(study_id: str) -> str:
    if not is_slug(study_id):
        raise RdfError(f"study id {study_id!r} is not letters and digits joined by single hyphens")
    return f"<{STUDY}{study_id}#study>"


# The kind of an analysis set has a suffix in the ontology: ``maintenance`` alone is the phase.
SET_KIND = Codec("{n.terms[$ + '-set']}", lambda term, base: _suffixed(term, SMM, "-set"))
STUDY_NODE = Codec(
    "{another_study($)}",
    lambda term, base: _suffixed(term, STUDY, "#study"),
    {"another_study": _another_study},
)
CATEGORY = Codec(
    "{n.categories[$] if $[:1] == '#' else n.terms[$]}",
    lambda term, base: _either(term, base + "category-", "#", SMM),
)
MEMBER = Codec("{n.members[$]}", lambda term, base: _either(term, base + "criterion-", "", base))


def local(plural: str, prefix: str) -> Codec:
    """Return the codec of an id of another record of the study, found in ``Names.<plural>``."""
    return Codec(f"{{n.{plural}[$]}}", lambda term, base: _after(term, base + prefix))


def words(name: str, terms: Mapping[str, str]) -> Codec:
    """Return the codec of a closed vocabulary; ``name`` is unique, ``terms`` maps words to local names."""
    inverse = {term: word for word, term in terms.items()}

    def read(term: Term, _base: str) -> str:
        word = inverse.get(_after(term, SMM))
        if word is None:
            raise RdfError(f"{term} is not one of {', '.join(f'smm:{known}' for known in inverse)}")
        return word

    return Codec(f"{{{name}[$]}}", read, {name: {word: f"<{SMM}{term}>" for word, term in terms.items()}})
