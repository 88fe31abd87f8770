"""What a SPARQL text asks for, read from its words alone, past texts, IRIs, variables and comments.

Some parsers let a keyword stand glued to its neighbours (``1e0SERVICE:x{...}``), so a word that must be
refused is looked for inside words and prefixes too. A harmless prefix that holds it is refused with it.

Whether ``<`` begins an IRI or is less-than, only a parser knows: in ``?a<'x>'`` the quote begins a text for
it, which ``<'x>`` read as an IRI hides. So what must be refused is looked for in both readings of each ``<``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smm_kg.store import QueryError

__all__ = ["has_dataset_clause", "limit", "query_form", "refuse"]

_LONGEST = 1_000_000  # characters
_DEEPEST = 200  # brackets within brackets
_MOST_STEPS = 2000

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})

_TOKEN = re.compile(
    r"""
      <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>              # IRI
    | \#[^\n\r]*                                                                     # comment
    | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}       # long string
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'                                  # string
    | [?$]\w+ | @[A-Za-z]+(?:-[A-Za-z0-9]+)*                                         # variable, language tag
    | (?P<prefix>[^\W\d][\w.-]*)?:(?:(?:[\w:%]|\\.)(?:[\w:.%-]|\\.)*)?               # prefixed name
    | (?P<word>[^\W\d]\w*)
    | \\.                                                                            # escape in a local name
    | (?P<open>[{(\[]) | (?P<close>[})\]])
    | (?P<operator>[-+*/|^!&=<>])                                                    # as in _OPERATORS
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


_BETWEEN = r"(?:\s|\#[^\n\r]*[\n\r])*"
_CLAUSE = rf"(?<![?$]){{}}{_BETWEEN}(?:(?:SILENT|NAMED){_BETWEEN})?(?:[<?$]|[^\s:]*:)"

_OPERATORS = "-+*/|^!&=<>"
# Each nests the query's algebra one deeper, which the engine walks by recursion.
_STEPS = frozenset({"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "VALUES", "GRAPH", "EXISTS", "AS"})


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield bare words (True) and prefixes of names (False), in upper case, and ``{`` as itself."""
    for token in _TOKEN.finditer(text):
        if token["word"]:
            yield token["word"].upper(), True
        elif token["prefix"]:
            yield token["prefix"].upper(), False
        elif token["open"] == "{":
            yield "{", False


def query_form(text: str) -> str:
    """Return ``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``.

    Raises:
        QueryError: the text is an update, or no query.
    """
    for word, bare in _words(text):
        if bare and word in _FORMS:
            return word
        if bare and word in _UPDATES:
            raise QueryError(f"{word} changes a store, and queries are read-only here")
        if bare and word not in ("PREFIX", "BASE"):
            break
    raise QueryError("it is not a SPARQL query", hint="begin with SELECT, ASK, CONSTRUCT or DESCRIBE")


def refuse(text: str, *keywords: str) -> None:
    """Raise a QueryError if a query has a clause that one of the keywords (in upper case) begins.

    Such a clause is the keyword and the IRI, name or variable that it takes, outside of texts and comments.
    """
    upper = text.upper()
    for keyword in keywords:
        if keyword not in upper:
            continue
        clauses = {found.start() for found in re.finditer(_CLAUSE.format(keyword), text, re.IGNORECASE)}
        if not clauses:
            continue
        for start, end in _readable(text):
            if not clauses.isdisjoint(range(start, end)):
                raise QueryError(
                    f"{keyword} is refused: a query here reads the store and nothing else",
                    hint="if that is a name of yours, give it another",
                )


def _readable(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words and prefixes stand, in every reading of every ``<``; no place is read twice."""
    seen: set[int] = set()
    starts = [0]
    while starts:
        place = starts.pop()
        while place not in seen and (token := _TOKEN.match(text, place)):
            seen.add(place)
            if token["word"] or token["prefix"]:
                yield token.span()
            if text[place] == "<":
                starts.append(place + 1)
            place = token.end()


def has_dataset_clause(text: str) -> bool:
    """Whether a query chooses its graphs itself, by ``FROM`` or ``FROM NAMED``.

    Raises:
        QueryError: that depends on how a ``<`` before the pattern is read.
    """
    if "FROM" not in text.upper():
        return False
    prologue = True
    for token in _TOKEN.finditer(text):
        if token["open"] == "{":
            return False
        if token[0].startswith("<") and "'" in token[0]:
            raise QueryError(f"{token[0]} may be an IRI or less-than", hint="put spaces around the <")
        word, prefix = (token["word"] or "").upper(), (token["prefix"] or "").upper()
        prologue = prologue and word not in _FORMS
        if not prologue and ("FROM" in word or prefix.startswith("FROM")):
            return True
    return False


def limit(text: str) -> None:
    """Raise a QueryError if a query is so long or nested that it could end the process that parses it."""
    if len(text) > _LONGEST:
        raise QueryError(f"the query is longer than {_LONGEST} characters", hint="ask for less at a time")
    # Counted in texts and comments too there are more of both, and hardly a query has too many even so.
    upper = text.upper()
    brackets, steps = (sum(map(upper.count, marks)) for marks in ("{([", (*_OPERATORS, *_STEPS)))
    if brackets <= _DEEPEST and steps <= _MOST_STEPS:
        return
    depth = steps = 0
    for token in _TOKEN.finditer(text):
        depth += bool(token["open"]) - bool(token["close"])
        steps += bool(token["operator"]) or (token["word"] or "").upper() in _STEPS
        if depth > _DEEPEST:
            raise QueryError(f"the query nests brackets deeper than {_DEEPEST}")
        if steps > _MOST_STEPS:
            raise QueryError(
                f"the query has more than {_MOST_STEPS} operators and clauses",
                hint="list many values in one VALUES or IN",
            )
