"""Pictures of the evidence as SVG of our own: one module each, from frozen inputs to text.

Each picture's module has the types of its input and ``draw``. The input of a study comes from a graph by
:mod:`smm_kg.draw.pictures`; :func:`smm_kg.draw.files.save` writes a picture to a file.
"""
