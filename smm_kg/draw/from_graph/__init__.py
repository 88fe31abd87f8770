"""Pictures' inputs from the graph: one module each, asking queries of the catalogue, making nothing up."""
