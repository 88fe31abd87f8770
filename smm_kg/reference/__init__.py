"""The documentation as HTML that needs no network: a reference of the ontology, diagrams and the guides."""
