"""A small made-up report as recovered from a PDF, with the flaws of such text."""

from __future__ import annotations

REPORT = """\
ORIGINAL ARTICLE

Gymnastamide for Early Dizziness in Divers

Ann Able, M.D., Bob Baker, Ph.D., and Cid Charlie, M.D.

ABSTRACT

BACKGROUND

Dizziness is common in divers. It may pass.

METHODS

We assigned 90 divers to treatment or rest.

CONCLUSIONS

Treatment helps. (Funded by Nobody; number, NCT99999999.)

From Hospital of the Sea, Lagoon Street 5, Atlantis (A.A.), and the Deep Institute (B.B.).

J Deep Med 2020;12:3-9.
DOI: 10.5555/deep.2020.1
Copyright © 2020 Deep Society.

IZZINESS IN DIVERS IS A sensation of turning that lasts for 3 minutes or more. It is feared,1,2 and then over.

METHODS

DIVERS

We took divers above 18 years of age, with a depth of at least 10 m, as compared with

earlier work. Treatment was stopped on withdrawal of con-

sent or at the end of 6 months.

TREATMENT PLAN

Divers received 5 mg per day.\u00b3 They were seen

every 2 weeks.

RESULTS

DIZZY SPELLS

The median time to a spell was not reached in the

Figure 1. Enrollment of Divers.

A total of 90 divers were enrolled; 45 were treated.

No other uses without permission. Copyright © 2020 Deep Society. All rights reserved.

Table 1. Baseline Characteristics of the Divers.*\t\t\t
Characteristic\tTreatment (N = 45)\tRest (N = 45)\t
Age — yr\t\t\t
Median\t33\t35\t
Range\t20–60\t21-59\t

^{*} No differences were seen. † A dive was deep at 30 m or more.

treatment group and was 7 months in the rest group (P=0.01).1 Spells as

Figure 2. Spells over Time.

Panel A shows all 2 groups. Panel B shows one.

seen then were rare (Fig. 2).

HARMS

Harms were few (Table 2).

Best Answer†\tTreatment (N = 44);;\tRest (N=45)\t
\tno. of divers (%)\t\t
Full answer\t4 (9)\t0\t

- * Divers in the rest group had 2 spells.
- † Answers were graded.

Nausea was not significantly

[†] One diver of grade 5 died.

The safety population included the 44 divers who took a dose.

different between the groups. We thank Dora Dean.

REFERENCES

- 1. Able A. On spells. J Deep Med 1999;1:1-2. 2. Baker B, et al. On the treatment of dizzi-
- ness. Panel 3. Sea 2001;2: 5.
- **3.** Charlie C. More.
Sea 2002;

7:8.

Copyright © 2020 Deep Society.

JOURNAL ARCHIVE AT DEEP.ORG

Every article of the last 100 years is there.
"""
