"""What a SPARQL text asks for, read from its words alone, past texts, IRIs, variables and comments.

Some parsers let a keyword stand glued to its neighbours (``1e0SERVICE:x{...}``), so a word that must be
refused is looked for inside words and prefixes too. A harmless prefix that holds it is refused with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smm_kg.store import QueryError

__all__ = ["has_dataset_clause", "query_form", "refuse"]

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
    | (?P<brace>{)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield bare words (True) and prefixes of names (False), in upper case, and ``{`` as itself."""
    for token in _TOKEN.finditer(text):
        if token["word"]:
            yield token["word"].upper(), True
        elif token["prefix"]:
            yield token["prefix"].upper(), False
        elif token["brace"]:
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
    """Raise a QueryError if one of the keywords (in upper case) is in the words of a query."""
    upper = text.upper()
    if not any(keyword in upper for keyword in keywords):
        return
    for word, bare in _words(text):
        for keyword in keywords:
            if keyword in word:
                hint = None if bare else "if that is a prefix of yours, give it another name"
                raise QueryError(
                    f"{keyword} is refused: a query here reads the store and nothing else", hint=hint
                )


def has_dataset_clause(text: str) -> bool:
    """Whether a query chooses its graphs itself, by ``FROM`` or ``FROM NAMED``."""
    if "FROM" not in text.upper():
        return False
    prologue = True
    for word, bare in _words(text):
        if word == "{":
            return False
        prologue = prologue and not (bare and word in _FORMS)
        if word == "FROM" and not prologue:
            return True
    return False
