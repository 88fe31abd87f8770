"""A small made-up paper and its sheet: no word of it is anybody's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from smm_kg.paper.document import Document
from smm_kg.paper.sheet import Sheet, parse_sheet
from smm_kg.paper.source import read_document

PAPER = """\
ORIGINAL ARTICLE

Fluvoxamab for Quiet Lymphoma in Sailors

Ada Byron, M.D., Grace Murray, Ph.D., and Mary Somer, M.D.

ABSTRACT

METHODS

In this open-label trial, we assigned 91 sailors with quiet lymphoma to active care or to waiting.

RESULTS

Relapse was less frequent with active care (hazard ratio for relapse, 0.45; 95% confidence interval [CI],
0.25 to 0.80; P=0.007). At 4 years, 81% of the sailors in the active group were alive.

From Harbor Hospital, Port Nowhere (A.B., G.M.), and the Institute of Tides, Calle del Mar 12-14,
Villamar 54321, Spain.

J Sea Med 2021;12:34-56.
DOI: 10.5555/jsm.2021.7
Copyright © 2021 Society of Harbors.

Quiet lymphoma is found in sailors more than in others.^{1,2} The first and last authors sail.

METHODS

PATIENTS

Sailors were eligible if the hemoglobin level was at least 11 g per deciliter or 6.8 mmol per liter.

TREATMENT

Active care was fluvoxamab at a dose of 15 mg per day on days 1 to 5, for six cycles.

RESULTS

FLOW

From March 2, 2015, to May 2017, a total of 91 sailors were assigned: 45 to active care and 46 to waiting
(Fig. 1).

RELAPSE

Relapse occurred in 9 of the 45 sailors in the active group (20%) and in 23 sailors in the waiting group
(50%). The median time to relapse was not reached in the active group and was 31 months in the waiting group.
The hazard ratio for relapse was 0.45 (95% CI, 0.25 to 0.80; P=0.007). Nausea of grade 2 was seen in
5 sailors in the active group (11%).

Table 1. Adverse Events.
Event\tActive (N = 45)\t\tWaiting (N = 46)\t
\tGrade 1\tGrade 2\tGrade 1\tGrade 2
\tno. (%)\t\t\t
On board\t\t\t\t
Nausea\t7 (16)\t5 (11)\t0\t1 (2)
Vertigo†\t3 (7)\t0\t2 (4)\t0
Ashore\t\t\t\t
Nausea\t1 (2)\t0\t0\t0

DISCUSSION

Active care delayed relapse, as in two earlier studies.2 Both groups of authors agree.

We thank the harbor master.

REFERENCES

1. Cook J, Banks J. Lymphoma at sea. J Sea Med 1999;1:2-3.
2. Tide Study Group. Waiting ashore. Ann Tides 2004;5:60-1.
"""

SHEET = """\
study: byron-2021
label: Byron 2021
document: {id: "doi:10.5555/jsm.2021.7", title: Fluvoxamab for Quiet Lymphoma}
arms:
  - {id: active, label: active, role: experimental, words: [active group, active care]}
  - {id: waiting, label: waiting, role: no intervention, words: [waiting group, waiting]}
contrasts: [{id: active-vs-waiting, experimental: active, reference: waiting}]
sets:
  - {id: all, label: all randomized, term: all-randomized}
groups:
  - {arm: active, population: all, size: assigned-active}
  - {arm: waiting, population: all, size: assigned-waiting}
references: {1: cook-1999}
endpoints:
  - {id: relapse-time, subject: time-to-relapse, role: primary, event: relapsed, favours: lower}
criteria:
  - {id: relapsed, label: relapse, purpose: event, operator: any, members: [relapse-active]}
regimens:
  - {id: active-care, label: active care, arm: active, phase: induction, parts: [dose]}
facts:
  masking: {kind: design, subject: masking}
  assigned: {kind: flow, subject: random-assignment, population: all}
  assigned-active: {kind: flow, subject: random-assignment, arm: active, population: all}
  assigned-waiting: {kind: flow, subject: random-assignment, arm: waiting, population: all}
  recruitment-start: {kind: design, subject: recruitment-start}
  recruitment-end: {kind: design, subject: recruitment-end}
  hemoglobin: {kind: eligibility, subject: hemoglobin}
  hemoglobin-si: {kind: eligibility, subject: hemoglobin}
  dose: {kind: regimen, subject: fluvoxamab, arm: active, phase: induction}
  relapse-active: {kind: outcome, subject: relapse, arm: active, population: all}
  relapse-waiting: {kind: outcome, subject: relapse, arm: waiting, population: all}
  median-active: {kind: outcome, subject: time-to-relapse, arm: active, population: all}
  median-waiting: {kind: outcome, subject: time-to-relapse, arm: waiting, population: all}
  effect: {kind: effect, subject: time-to-relapse, contrast: active-vs-waiting, population: all}
  alive-active: {kind: outcome, subject: overall-survival, arm: active, population: all}
  earlier: {kind: assertion, subject: number-of-studies, about: [fluvoxamab]}
statements:
  - in: ABSTRACT/METHODS
    read: 'In this {masking: "open-label"} trial, we assigned {assigned: count} sailors'
  - {in: ABSTRACT/RESULTS, read: "hazard ratio for relapse, {effect: effect}"}
  - in: ABSTRACT/RESULTS
    read: "At {alive-active.timepoint: timepoint}, {alive-active: percent} of the sailors"
  - in: METHODS/PATIENTS
    read: "hemoglobin level was {hemoglobin: threshold} or {hemoglobin-si: threshold of hemoglobin}"
  - in: METHODS/TREATMENT
    read: "at a dose of {dose: dose} on days {dose: days}, for {dose: count as cycles} cycles"
  - in: RESULTS/FLOW
    read: >-
      From {recruitment-start: date}, to {recruitment-end: date}, a total of {assigned: count} sailors were
      assigned: {assigned-active: count} to active care and {assigned-waiting: count} to waiting
  - in: RESULTS/RELAPSE
    read: >-
      Relapse occurred in {relapse-active: n-of-N} and in {relapse-waiting: count} sailors in the waiting
      group ({relapse-waiting: percent})
  - in: RESULTS/RELAPSE
    read: >-
      was {median-active: median} in the active group and was {median-waiting: median} in the waiting group
  - {in: RESULTS/RELAPSE, read: "ratio for relapse was {effect: effect}"}
  - in: RESULTS/RELAPSE
    read: >-
      Nausea of {ae-on-board-nausea-active-2.grade: grade} was seen in
      {ae-on-board-nausea-active-2: count} sailors in the active group
      ({ae-on-board-nausea-active-2: percent})
  - in: DISCUSSION
    read: "as in {earlier: count} earlier studies {earlier.cites: citations}"
tables:
  - table: Table 1
    header: Event Active Waiting
    kind: adverse-event
    population: all
    id: "ae-{phase}-{subject}-{arm}-{ordinal}"
    columns:
      - {head: Active, arm: active}
      - {head: Waiting, arm: waiting}
    grade: column
    cell: n-percent
    under:
      - {row: On board, phase: on-board}
      - {row: Ashore, phase: ashore, denominator: group}
    rows:
      - {row: Nausea, subject: nausea}
      - {row: Vertigo, subject: vertigo}
"""


def write(folder: Path, paper: str = PAPER) -> Document:
    """Write a paper into a folder and read it as a document."""
    path = folder / "paper.txt"
    path.write_text(paper, encoding="utf-8", newline="")
    return read_document(path)


def document(paper: str = PAPER) -> Document:
    """Read a paper given as text."""
    with TemporaryDirectory() as folder:
        return write(Path(folder), paper)


@cache
def sheet(text: str = SHEET) -> Sheet:
    """Return the sheet, or another one given as text."""
    return parse_sheet(text, "byron-2021.yaml")
