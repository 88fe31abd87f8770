"""Evidence records as RDF quads, and back without loss.

``table`` says once, for both directions, which field of which record is which predicate; ``writer`` compiles
it into one function per record type, ``reader`` interprets it. ``names`` mints the IRIs of a study's nodes
and refuses what could not be read back. Nothing else in smm-kg knows both records and RDF.
"""

from smm_kg.rdf.design import designs
from smm_kg.rdf.names import RdfError
from smm_kg.rdf.reader import decode
from smm_kg.rdf.verdicts import encode_verdicts
from smm_kg.rdf.writer import encode, statements_and_places

__all__ = ["RdfError", "decode", "designs", "encode", "encode_verdicts", "statements_and_places"]
