"""Reading: from the text of a report to the record of a study, every value with its place."""
