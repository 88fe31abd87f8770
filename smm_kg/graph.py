"""The evidence graph: open it, ask it, take it along."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from smm_kg import dataset, resources
from smm_kg.catalogue import WORDS, Catalogue, Name
from smm_kg.rows import Rows
from smm_kg.store import Answer, QueryError, Store, StoreError
from smm_kg.terms import GRAPH, PREFIXES, smm, sparql_iri

if TYPE_CHECKING:
    import networkx
    import rdflib

    from smm_kg.compare import Comparison
    from smm_kg.records import Study

__all__ = ["Graph", "open"]

_NAMES = """
SELECT DISTINCT ?term ?name ?rank WHERE {
  { ?term a %(of)s } UNION { ?term <%(skos)sinScheme> %(of)s }
  { ?term <%(rdfs)slabel> ?name BIND (0 AS ?rank) } UNION
  { ?term <%(skos)saltLabel> ?name BIND (1 AS ?rank) } UNION
  { ?term <%(dcterms)sidentifier> ?name BIND (0 AS ?rank) }
} ORDER BY ?term ?rank ?name
"""

_WORDS = """
PREFIX dcterms: <%(dcterms)s>
PREFIX rdfs: <%(rdfs)s>
PREFIX smm: <%(smm)s>
SELECT DISTINCT ?word WHERE { %(pattern)s } ORDER BY ?word
"""
_WITHOUT_GRAPH = f"""ASK {{
  ?study a <{smm("Study")}>
  FILTER NOT EXISTS {{
    GRAPH ?graph {{ ?study a <{smm("Study")}> }} FILTER (STRSTARTS(STR(?graph), "{GRAPH}"))
  }}
}}"""


def open(  # noqa: A001 - the word that users of the package read as smm_kg.open
    store: str | Path | None = None,
    *,
    timeout: float | None = None,
    user: str | None = None,
    password: str | None = None,
    auth: str | None = None,
) -> Graph:
    """Open a graph.

    Args:
        store: ``memory:`` for the shipped evidence, a folder that ``smm-kg build`` made, or the http address
            of a SPARQL endpoint; when not given, the variable ``SMM_KG_STORE``, else ``memory:``.
        timeout: seconds until an endpoint's whole answer must have come; when not given,
            ``SMM_KG_TIMEOUT``, else 60.
        user: name for an endpoint; when not given, ``SMM_KG_USER``.
        password: its password; when not given, ``SMM_KG_PASSWORD``.
        auth: how an endpoint takes it, ``basic`` or ``digest``; when not given, ``SMM_KG_AUTH``, else basic.

    Raises:
        StoreError: there is no such store, or it cannot be read.

    >>> with open("memory:") as graph:
    ...     graph.sparql("ASK { ?class a <http://www.w3.org/2002/07/owl#Class> }")
    True
    """
    place = str(store or os.environ.get("SMM_KG_STORE") or "memory:")
    if place == "memory:":
        from smm_kg import shipped
        from smm_kg.store.embedded import MemoryStore

        return Graph(MemoryStore(shipped.quads(), trusted=True))
    if place.startswith(("http://", "https://")):
        from smm_kg.store.remote import RemoteStore

        remote = RemoteStore(
            place,
            timeout=_seconds(os.environ.get("SMM_KG_TIMEOUT")) if timeout is None else timeout,
            user=user or os.environ.get("SMM_KG_USER"),
            password=password or os.environ.get("SMM_KG_PASSWORD"),
            auth=auth or os.environ.get("SMM_KG_AUTH") or "basic",
        )
        return Graph(remote)
    if "://" in place:
        raise StoreError("is not an http address", where=place, hint="an endpoint's begins with http")
    from smm_kg.store.embedded import FolderStore

    return Graph(FolderStore(place))


def _seconds(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise StoreError(f"SMM_KG_TIMEOUT is {text!r}, not a number of seconds") from None


class Graph:
    """An open graph: a store, and the catalogue of questions that are asked of it.

    It is a context manager; leaving it closes the store. The names of terms are read once.

    Besides what :func:`open` takes, a store of :mod:`smm_kg.store` may be given, such as an rdflib dataset of
    your own:

    >>> import rdflib
    >>> from smm_kg.store.rdflib_store import RdflibStore
    >>> with Graph(RdflibStore(rdflib.Dataset())) as graph:
    ...     len(graph.query("compare-progression"))
    0
    """

    def __init__(self, store: Store, catalogue: Catalogue | None = None) -> None:
        """Take a store, and the queries to ask of it if not those that ship."""
        self.store = store
        self.catalogue = catalogue or Catalogue(resources.queries())
        self._names: dict[str, list[Name]] = {}
        self._has_graphs = False

    @classmethod
    def from_studies(cls, studies: Iterable[Study]) -> Graph:
        """Make a graph in memory of studies, with the ontology and what follows from both.

        Raises:
            RdfError: a study cannot be written as RDF.
            DatasetError: two studies share an id or a document.
        """
        from smm_kg.store.embedded import MemoryStore

        # Sorted, since the store then keeps what is asked together near each other: a third faster to read.
        return cls(MemoryStore(dataset.chunks(studies), trusted=True))

    def __enter__(self) -> Graph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def query(self, name: str, /, **parameters: object) -> Rows:
        """Answer a question of the catalogue.

        Args:
            name: the name of the query.
            parameters: one value or a list of them by parameter; terms by label, slug or IRI.

        Raises:
            CatalogueError: there is no such query or parameter, or a value does not fit it.
            StoreError: the store fails.
        """
        text = self.text(name, **parameters)
        self._need_graphs()
        return self._select(text)

    def text(self, name: str, /, **parameters: object) -> str:
        """Return the SPARQL text of a question with its parameters; errors as of :meth:`query`."""
        return self.catalogue[name].bind(parameters, self.names)

    def facts(self, **filters: object) -> Rows:
        """Return the fact table: one row per value and place; see :func:`smm_kg.facts.facts`."""
        from smm_kg.facts import facts

        return facts(self, **filters)

    def compare(self, end_point: str, **asked: Any) -> Comparison:
        """Compare trials on an end point; see :func:`smm_kg.compare.compare` for what may be asked."""
        from smm_kg.compare import compare

        return compare(self, end_point, **asked)

    def audit(self, **filters: object) -> Rows:
        """Return whether published numbers agree with each other; see :func:`smm_kg.verdicts.verdicts`."""
        from smm_kg.verdicts import verdicts

        return verdicts(self, **filters)

    def sparql(self, text: str) -> Answer:
        """Answer a SPARQL query: rows of a SELECT, truth of an ASK, triples of a CONSTRUCT or DESCRIBE.

        Raises:
            QueryError: it is no query, or asks for what is refused (updates, other services).
            StoreError: the store fails.
        """
        return self.store.query(text)

    def results_json(self, text: str) -> bytes:
        """Answer a SELECT or ASK as SPARQL 1.1 Query Results JSON; errors as of :meth:`sparql`."""
        return self.store.query_json(text)

    def names(self, of: str) -> list[Name]:
        """Return the names of the instances of a class or concepts of a scheme, by its IRI.

        For a type of :data:`smm_kg.catalogue.WORDS`, return its words.
        """
        if of in WORDS and of not in self._names:
            rows = self._select(_WORDS % {"pattern": WORDS[of], **PREFIXES})
            self._names[of] = [Name("", str(row.word)) for row in rows]
        if of not in self._names:
            terms = {prefix: PREFIXES[prefix] for prefix in ("rdfs", "skos", "dcterms")}
            rows = self._select(_NAMES % {"of": sparql_iri(of), **terms})
            self._names[of] = [Name(*row) for row in rows]
        return self._names[of]

    def nquads(self) -> bytes:
        """Return all quads as sorted N-Quads, the ontology and inferred types included."""
        return self.store.nquads()

    def export(
        self,
        path: str | Path,
        format: str | None = None,  # noqa: A002 - as users say it
        *,
        alignments: bool = False,
    ) -> None:
        """Write the graph to a file, in the format named or of its suffix; see :mod:`smm_kg.export`.

        With ``alignments``, what the ontology's terms mean in other vocabularies is written too.
        """
        from smm_kg.export import write

        write(self, path, format, alignments=alignments)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return a copy as an rdflib dataset whose default graph is the union of all graphs."""
        from smm_kg.store.rdflib_store import dataset_of

        return dataset_of(self.nquads())

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Return what the sources state as a networkx graph; :mod:`smm_kg.network` tells of what."""
        from smm_kg.network import QUERY, to_networkx

        return to_networkx(self._select(QUERY))

    def check(self, *, dl: bool = False) -> Rows:
        """Return the breaches of the rules for records: severity, rule, focus, label, path, message, locator.

        Args:
            dl: ask HermiT too whether each study is free of contradiction; needs Java (extra ``dl``).

        Raises:
            StoreError: there is no study, so nothing would have been checked.
            ReasonerError: HermiT cannot be run, or gives no answer.
        """
        from smm_kg.shapes import check

        if not self.store.query(f"ASK {{ ?study a <{smm('Study')}> }}"):
            raise StoreError("there is no study here", where=self.store.name)

        quads = self.nquads()
        rows = check(quads, self._select)
        if dl:
            from smm_kg.contradictions import contradictions

            rows = Rows(rows.columns, [*rows, *contradictions(quads)])
        return rows

    def _need_graphs(self) -> None:
        """Raise a StoreError if a study is in no graph of ours: queries that say GRAPH would miss it."""
        if not self._has_graphs and self.store.query(_WITHOUT_GRAPH):
            raise StoreError(
                "there are studies outside of graphs of their own",
                where=self.store.name,
                hint="load a TriG or N-Quads export, which keeps each source in its graph; Turtle does not",
            )
        self._has_graphs = True

    def _select(self, text: str) -> Rows:
        answer = self.store.query(text)
        if not isinstance(answer, Rows):
            raise QueryError("a query for rows is a SELECT, and this is not")
        return answer
