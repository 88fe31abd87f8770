"""The grammar of statistics: every production in its printed styles, what is refused, and what scan finds."""

# ruff: noqa: E501 - the tables of examples read better across

from __future__ import annotations

import time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.paper.production import Found, Part
from smm_kg.paper.statistics import PRODUCTIONS, scan


def shown(text: str, part: Part) -> str:
    """A part as words, "p value <0.04": measure, comparator, value, unit; its span must print the value."""
    printed = text[part.start : part.end]
    assert printed
    assert printed == printed.strip()
    value = part.text or part.date or part.status
    if part.number is not None:
        value = str(part.number)
    sign = "" if part.comparator == "=" else part.comparator
    return " ".join(filter(None, [part.measure or "?", sign + value, part.unit]))


def parts_of(text: str, found: Found | None) -> list[str] | None:
    return None if found is None else [shown(text, part) for part in found.parts]


def read(name: str, text: str) -> list[str] | None:
    return parts_of(text, PRODUCTIONS[name].match(text))


READINGS: dict[str, dict[str, list[str]]] = {
    "number": {
        "0.72 was": ["? 0.72"],
        "0·72": ["? 0.72"],
        "−4.2 points": ["? -4.2"],
        ".04": ["? 0.04"],
        "seven": ["? 7"],
        "half of": ["? 0.5"],
        "1.2 × 10^9": ["? 1200000000"],
        "more than 7": ["? >7"],
        "7 or more": ["? ≥7"],
        "50 and over": ["? ≥50"],
        "50 and over the years": ["? 50"],
        "at or above 7": ["? ≥7"],
        "~7": ["? ≈7"],
        "1\u202f250": ["? 1250"],
    },
    "count": {
        "164 people": ["count 164"],
        "Sixty-one people": ["count 61"],
        "both": ["count 2"],
        "no deaths": ["count 0"],
        "1,250": ["count 1250"],
        "at least 7 sites": ["count ≥7"],
        "7 or fewer": ["count ≤7"],
        "twosided": ["count 2"],
    },
    "percent": {
        "71% of": ["percent 71 %"],
        "71 percent": ["percent 71 %"],
        "more than an 85% chance": ["percent >85 %"],
        "approximately 35%": ["percent ≈35 %"],
        "0.5%": ["percent 0.5 %"],
        "71·5 %": ["percent 71.5 %"],
        "less than or equal to 5%": ["percent ≤5 %"],
    },
    "n-percent": {
        "51 patients (71%) had": ["count 51", "percent 71 %"],
        "51 (71)": ["count 51", "percent 71 %"],
        "51 [71.4%]": ["count 51", "percent 71.4 %"],
        "51 patients in the control group (71%), as": ["count 51", "percent 71 %"],
        "nine other patients (13%)": ["count 9", "percent 13 %"],
        "9 of these patients (13%; P=0.2)": ["count 9", "percent 13 %"],
        "0": ["count 0"],
        "51†": ["count 51"],
        "0 (0.0)": ["count 0", "percent 0.0 %"],
        "<5 (<8%)": ["count <5", "percent <8 %"],
    },
    "n-of-N": {
        "9 of the 72 patients in the control group (13%) and": ["count 9", "denominator 72", "percent 13 %"],
        "four of the six sites": ["count 4", "denominator 6"],
        "9/72 (13%)": ["count 9", "denominator 72", "percent 13 %"],
        "9 out of 72": ["count 9", "denominator 72"],
        "9 patients of 72": ["count 9", "denominator 72"],
    },
    "percent-n-of-N": {"13% (9 of 72 patients": ["count 9", "denominator 72", "percent 13 %"]},
    "quantity": {
        "45 mg per day on": ["quantity 45 mg/d"],
        "45mg/m2": ["quantity 45 mg/m2"],
        "up to 5 g/dL": ["quantity ≤5 g/dL"],
        "180 μ mol per liter": ["quantity 180 umol/L"],
        "0.9 g per 24 hours": ["quantity 0.9 g/(24.h)"],
        "1.2 × 10^9/L": ["quantity 1200000000 /L"],
        "150,000/μL": ["quantity 150000 /uL"],
    },
    "dose": {
        "45 mg per day": ["dose 45 mg/d"],
        "daily dose of 45 mg on": ["dose 45 mg/d"],
        "daily dose of the study drug from 45 mg to": ["dose 45 mg/d"],
        "weekly dose of 45 mg per square meter": ["dose 45 mg/m2/wk"],
        "daily dose of 45 mg per day": ["dose 45 mg/d"],
        "45 mg twice daily": ["dose 45 mg"],
    },
    "threshold": {
        "≥ 4 g per deciliter": ["threshold ≥4 g/dL"],
        "\\geq 4 mg per deciliter": ["threshold ≥4 mg/dL"],
        "<= 4 mg/dl": ["threshold ≤4 mg/dL"],
        "at least 15%": ["threshold ≥15 %"],
        "exceeds 55% has": ["threshold >55 %"],
        "within the previous 7 years": ["threshold ≤7 a"],
        "no more than two": ["threshold ≤2"],
        "not less than 4 g": ["threshold ≥4 g"],
        "4 g per deciliter or more": ["threshold ≥4 g/dL"],
        "14 mo or less": ["threshold ≤14 mo_j"],
        "below 4 g/dl": ["threshold <4 g/dL"],
        "≤14 mo": ["threshold ≤14 mo_j"],
        "greater than or equal to 5%": ["threshold ≥5 %"],
        "equal to or less than 5%": ["threshold ≤5 %"],
        "18 years and older": ["threshold ≥18 a"],
        "18 years of age or older": ["threshold ≥18 a"],
        "<−5 mg": ["threshold <-5 mg"],
    },
    "median": {
        "13 months in": ["median 13 mo_j"],
        "not reached vs": ["median not reached"],
        "not yet been reached": ["median not reached"],
        "not estimable": ["median not estimable"],
        "14 cycles": ["median 14"],
        "more than 14 mo": ["median >14 mo_j"],
    },
    "mean": {"12.7 kg/m2": ["mean 12.7 kg/m2"], "12.7": ["mean 12.7"]},
    "range": {
        "11 to 38)": ["minimum 11", "maximum 38"],
        "range, 11 to 38": ["minimum 11", "maximum 38"],
        "0–38.4": ["minimum 0", "maximum 38.4"],
        "0-38.4": ["minimum 0", "maximum 38.4"],
        "0 – 38.4": ["minimum 0", "maximum 38.4"],
        "between 11 and 38 months": ["minimum 11 mo_j", "maximum 38 mo_j"],
        "11%-38%": ["minimum 11 %", "maximum 38 %"],
        "−5.0 to −1.2": ["minimum -5.0", "maximum -1.2"],
        "-5.0–-1.2": ["minimum -5.0", "maximum -1.2"],
        "11−38": ["minimum 11", "maximum 38"],
    },
    "median-range": {
        "24 months (range, 11 to 38), with": ["median 24 mo_j", "minimum 11 mo_j", "maximum 38 mo_j"],
        "24 (11–38)": ["median 24", "minimum 11", "maximum 38"],
        "24 (11, 38)": ["median 24", "minimum 11", "maximum 38"],
        "24 (range 11-38) years": ["median 24 a", "minimum 11 a", "maximum 38 a"],
        "24 years (IQR 16–31)": ["median 24 a", "lower quartile 16 a", "upper quartile 31 a"],
        "9 cycles of the study drug (range, 2 to 30)": ["median 9", "minimum 2", "maximum 30"],
    },
    "median-interval": {
        "12.7 months (95% CI, 8.4 to NE)": [
            "median 12.7 mo_j", "confidence level 95 %", "confidence interval lower 8.4 mo_j",
            "confidence interval upper not estimable"],
        "12.7 (8.4–19.3) months": [
            "median 12.7 mo_j", "confidence interval lower 8.4 mo_j", "confidence interval upper 19.3 mo_j"],
        "not reached (95% CI, 18.1 to not reached)": [
            "median not reached", "confidence level 95 %", "confidence interval lower 18.1",
            "confidence interval upper not reached"],
    },
    "mean-sd": {
        "12.7 ± 4.5 kg": ["mean 12.7 kg", "standard deviation 4.5 kg"],
        "12.7 (±4.5)": ["mean 12.7", "standard deviation 4.5"],
        "12.7 (SD 4.5)": ["mean 12.7", "standard deviation 4.5"],
        "12.7 (SD, 4.5) years": ["mean 12.7 a", "standard deviation 4.5 a"],
        "12.7 (SE 4.5)": ["mean 12.7", "standard error 4.5"],
        "−0.9+/-4.5": ["mean -0.9", "standard deviation 4.5"],
        "12.7 (4.5)": ["mean 12.7", "standard deviation 4.5"],
    },
    "percent-interval": {
        "51·2% (95% CI 46·3–56·1)": [
            "percent 51.2 %", "confidence level 95 %", "confidence interval lower 46.3 %",
            "confidence interval upper 56.1 %"],
        "51%; 95% confidence interval, 46%-56%": [
            "percent 51 %", "confidence level 95 %", "confidence interval lower 46 %",
            "confidence interval upper 56 %"],
        "51% (46–56)": ["percent 51 %", "confidence interval lower 46 %", "confidence interval upper 56 %"],
    },
    "p": {
        "P<0.02": ["p value <0.02"],
        "p = .04": ["p value 0.04"],
        "P=0.04": ["p value 0.04"],
        "p=0·68": ["p value 0.68"],
        "P value of 0.2": ["p value 0.2"],
        "P-value ≤ .001": ["p value ≤0.001"],
        "*P* = 0.04": ["p value 0.04"],
        "P less than 0.02": ["p value <0.02"],
        "P = 3 × 10^-5": ["p value 0.00003"],
    },
    "p-value": {"<0.02": ["p value <0.02"], ".04": ["p value 0.04"]},
    "rate": {
        "6% annually": ["rate 6 %/a"],
        "6% per year": ["rate 6 %/a"],
        "3.2 events per 100 patient-years": ["rate 3.2 /(100.a)"],
    },
    "days": {
        "days 2 to 9": ["first day 2", "last day 9"],
        "2 through 9": ["first day 2", "last day 9"],
        "2–9": ["first day 2", "last day 9"],
    },
    "duration": {
        "5-week": ["duration 5 wk"],
        "three years": ["duration 3 a"],
        "35-day cycle": ["duration 35 d"],
        "at least 3 months": ["duration ≥3 mo_j"],
        "18 years and older": ["duration ≥18 a"],
        "18 years of age or older": ["duration ≥18 a"],
    },
    "interval": {
        "every 5 weeks": ["interval 5 wk"],
        "5-week intervals": ["interval 5 wk"],
        "at intervals of 5 weeks": ["interval 5 wk"],
        "monthly": ["interval 1 mo_j"],
        "Weekly": ["interval 1 wk"],
        "every other day": ["interval 2 d"],
        "each month": ["interval 1 mo_j"],
        "quarterly": ["interval 3 mo_j"],
    },
    "frequency": {
        "twice daily": ["frequency 2 /d"],
        "once a week": ["frequency 1 /wk"],
        "three times per day": ["frequency 3 /d"],
    },
    "date": {
        "May 17, 2019, and": ["date 2019-05-17"],
        "May 2019 through": ["date 2019-05"],
        "17 May 2019": ["date 2019-05-17"],
        "17th of May 2019": ["date 2019-05-17"],
        "Sept 3, 2019": ["date 2019-09-03"],
        "2019-05-17": ["date 2019-05-17"],
        "17/05/2019": ["date 2019-05-17"],
        "5/5/2019": ["date 2019-05-05"],
    },
    "year": {"2019;12:3": ["date 2019"]},
    "timepoint": {
        "4-year": ["timepoint 4 years"],
        "four years after": ["timepoint 4 years"],
        "1 year": ["timepoint 1 year"],
        "18 mo": ["timepoint 18 months"],
        "4year": ["timepoint 4 years"],
    },
    "grade": {
        "grade 4": ["grade 4"],
        "4": ["grade 4"],
        "grade 1 or 2 rash": ["grade 1-2"],
        "Grades 3 and 4": ["grade 3-4"],
        "grade 2 to 4": ["grade 2-4"],
        "3/4 events": ["grade 3-4"],
        "grade III–IV": ["grade 3-4"],
        "grade 3 or higher": ["grade >=3"],
        "grade 2 or lower": ["grade <=2"],
        "grade 3 and above": ["grade >=3"],
        "grade 3 patients": ["grade 3"],
        "≥3": ["grade >=3"],
        "grade ≥ 3": ["grade >=3"],
        "at least grade 3": ["grade >=3"],
        "any grade": ["grade any"],
        "1 (in 35%)": ["grade 1"],
    },
    "ratio": {"2:1 ratio": ["text 2:1"], "2 : 1": ["text 2:1"]},
    "identifier": {
        "NCT01234567.)": ["text NCT01234567"],
        "10.1000/abcX9876543.": ["text 10.1000/abcX9876543"],
        "101-12.": ["text 101-12"],
        "12:101": ["text 12"],
    },
    "version": {"4.03.\ue000": ["text 4.03"], "v4.03": ["text 4.03"]},
    "size": {"N = 72)": ["count 72"], "n=72);;": ["count 72"]},
    "citations": {"\ue000 shows": ["citations \ue000"]},
    "words": {"the control group, then": ["text the control group"]},
    "effect": {
        "0.72; 95% confidence interval [CI], 0.55 to 0.94; P<0.02)": [
            "hazard ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94", "p value <0.02"],
        "0.72 (95% confidence interval [CI], 0.55 to 0.94; P<0.02) (Fig. 1)": [
            "hazard ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94", "p value <0.02"],
        "0.72; P<0.02)": ["hazard ratio 0.72", "p value <0.02"],
        "0.72": ["hazard ratio 0.72"],
        "HR = 0.72 (95% CI 0.55-0.94, p = 0.02)": [
            "hazard ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94", "p value 0.02"],
        "HR 0·72 in favour of the new drug, 95% CI 0·55–0·94; log-rank p=0·02": [
            "hazard ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94", "p value 0.02"],
        "hazard ratio (HR) 0.72 (0.55–0.94), P=0.02": [
            "hazard ratio 0.72", "confidence interval lower 0.55", "confidence interval upper 0.94",
            "p value 0.02"],
        "OR (90 % CI), 2.7 (1.3–5.7), P value = 0.02": [
            "odds ratio 2.7", "confidence level 90 %", "confidence interval lower 1.3",
            "confidence interval upper 5.7", "p value 0.02"],
        "hr: 0.72; 95% ci: 0.55 to 0.94; p = 0.02": [
            "hazard ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94", "p value 0.02"],
        "relative risk, 0.72 [95% CI: 0.55, 0.94]; P = .02": [
            "risk ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94", "p value 0.02"],
        "IRR was 0.72; 95% CI 0.55, 0.94": [
            "rate ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94"],
        "OR = 0.72 (95 % CI – 0.55–0.94)": [
            "odds ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94"],
        "0.72, P = 0.02, 95% CI 0.55–0.94": [
            "hazard ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
            "confidence interval upper 0.94", "p value 0.02"],
        "0.72 (0.55, NE)": [
            "hazard ratio 0.72", "confidence interval lower 0.55", "confidence interval upper not estimable"],
        "-1.6; 95% CI -15, 12; p = 0.8": [
            "? -1.6", "confidence level 95 %", "confidence interval lower -15",
            "confidence interval upper 12", "p value 0.8"],
        "risk difference 14% (95% CI, 3% to 25%)": [
            "risk difference 14 %", "confidence level 95 %", "confidence interval lower 3 %",
            "confidence interval upper 25 %"],
    },
}  # fmt: skip

REFUSED: dict[str, list[str]] = {
    "number": ["71%", "1 × 104", "0,72", "65+ years", "one third", "3-7", "2:1", "1.5 × ULN", "7.1.2", "about",
               "10^9 cells", "10^-9", "10⁻⁹", "10^{9}", "1e-5", "5E8", "1.2 · 10^9", "1'250", "1’250", "5‰", "3rd", "12th",
               "5x", "0 .05", "0. 05", "12 ,5", "007", "3 – 7", "3~7", "3÷7", "3-to-1", "2 ½", "2½", "two and a half",
               "2 and one-half", "two thousand", "1.2 million", "one hundred and four 12", "12 twenty-one", "4 one-half"],
    "count": ["6.5", "71%", "4–6", "1/2", "21 months", "no. (%)", "two-thirds", "-7", "one half", "12 %", "no 12",
              "both 12", "3rd", "two–three", "4 - 6"],
    "percent": ["95% CI", "95% confidence", "20%–30%", "71", "12,5%", "1,250%", "5% 12", "50 %-60 %"],
    "n-percent": ["6.5 (7%)", "72 (140%)", "12 weeks (15%)", "13 months", "10% (7)"],
    "n-of-N": ["12 of 9", "3 of them", "7 of 8.5"],
    "quantity": ["45 mg per vial", "4-6 weeks", "45", "95% CI", "45 widgets", "45 mg–60 mg", "4‒6 mg", "3~5 mg"],
    "dose": ["daily dose of 45 mg twice", "45"],
    "threshold": ["4 g per deciliter", "≥ 1.5 × ULN", "= 4 g", "≥130/85 mmHg", "more than 3 widgets/L", "no more than",
                  ">3x ULN", "≥5 mg - 7 mg"],
    "median": ["12 to 40", "reached"],
    "range": ["4 -40", "4 to", "0.1-0.2-0.3", "3 months to 9 weeks"],
    "median-range": ["24 (14, 15)", "24 (11)", "24 months in all patients (11 to 38)", "24 months (range, 1 to 9 weeks)"],
    "mean-sd": ["12.7 4.5", "12.7 (n 4)"],
    "p": ["P=1e-5", "P<0,05", "P<0 .05", "P<0. 05", "P=2 × 10^-500", "P 5", "P=5", "P for interaction = 0.02", "group P, 0.5", "P=7%", "P=0.1-0.2"],
    "rate": ["6%", "45 mg per day"],
    "days": ["9 to 2", "1 and 15"],
    "duration": ["3", "4-6 weeks", "3 yards"],
    "interval": ["5-week cycle", "every 3-4 weeks", "5 weeks"],
    "date": ["February 31, 2019", "1/2/2019", "May", "2019", "May 5"],
    "year": ["1700", "20190", "2019-05", "2019–2020"],
    "size": ["N = 1 250", "N = 57–60", "N = 5.5"],
    "percent-interval": ["51% (14, 15)", "51% (52–56)"],
    "median-interval": ["12 months (14, 15)"],
    "grade": ["5 grade 2", "5, grade 2", "grade 5 grade 2", "5 patients", "5 mg", "5-month", "3 months", "3 of the", "3+",
              "grade 3+", "1 or 3", "grade 1, 2 or 3", "III", "35%", "2.5", "grade 7", "grade 4 or 3", "grade 3 or 4 or 5"],
    "ratio": ["1", "12:30:45"],
    "effect": ["0.72 (14, 15)", "0.72 (12-15)", "1,250 (95% CI 1,100–1,400)", "0.72 (95% CI 0.55–1,400)", "5% 12",
               "3 × 0.72", "95% CI 0.3–0.4", "0,72 (95% CI 0,55-0,94)", "HR -0.5", "0.3–0.4", "OR"],
    "version": ["abc"],
    "identifier": ["letters"],
}  # fmt: skip

CASES = [(name, text, parts) for name, texts in READINGS.items() for text, parts in texts.items()]
REFUSALS = [(name, text) for name, texts in REFUSED.items() for text in texts]


def test_every_production_is_tested() -> None:
    assert READINGS.keys() == PRODUCTIONS.keys()


@pytest.mark.parametrize(("name", "text", "parts"), CASES)
def test_a_production_reads_its_printed_styles(name: str, text: str, parts: list[str]) -> None:
    assert read(name, text) == parts


@pytest.mark.parametrize(("name", "text"), REFUSALS)
def test_what_is_unclear_is_not_read(name: str, text: str) -> None:
    assert read(name, text) is None


@pytest.mark.parametrize(("name", "text", "parts"), CASES)
def test_measures_are_those_announced(name: str, text: str, parts: list[str]) -> None:
    found = PRODUCTIONS[name].match(text)
    assert found is not None
    variants = {
        "odds ratio", "risk ratio", "rate ratio", "risk difference", "lower quartile", "upper quartile",
        "standard error", None,
    }  # fmt: skip
    assert {part.measure for part in found.parts} <= {*PRODUCTIONS[name].measures, *variants}


def test_spans_are_the_number_token_and_its_unit() -> None:
    text = "to a daily dose of 45 mg, P<0.02"
    dose = PRODUCTIONS["dose"].search(text)
    p = PRODUCTIONS["p"].search(text)
    assert dose is not None
    assert p is not None
    assert [text[a:b] for a, b in dose.parts[0].unit_spans] == ["daily", "mg"]
    assert (text[dose.parts[0].start : dose.parts[0].end], text[p.parts[0].start : p.parts[0].end]) == (
        "45",
        "0.02",
    )
    percent = PRODUCTIONS["percent"].match("−7.5 %")
    assert percent is not None
    assert (percent.parts[0].start, percent.parts[0].end, percent.parts[0].unit_spans) == (0, 4, ((5, 6),))


def test_the_unit_printed_once_holds_for_the_whole_range() -> None:
    text = "24 months (range, 11 to 38)"
    found = PRODUCTIONS["median-range"].match(text)
    assert found is not None
    assert {part.unit_spans for part in found.parts} == {((3, 9),)}


@pytest.mark.parametrize("text", ["51 (71)", " 51 (71) ", "51 (71)†", "51 (71) *\ue000"])
def test_a_cell_is_read_whole_but_for_its_marks(text: str) -> None:
    parts = PRODUCTIONS["n-percent"].whole(text)
    assert parts is not None
    assert [text[part.start : part.end] for part in parts] == ["51", "71"]


@pytest.mark.parametrize("text", ["51 (71) x", "51 (71); 3", "", "51 (71)%"])
def test_a_cell_with_more_in_it_is_not_read(text: str) -> None:
    assert PRODUCTIONS["n-percent"].whole(text) is None


# --- round trips: a statistic printed in a random style is read back exactly


@st.composite
def decimals(draw: st.DrawFn, low: int = 0, high: int = 99) -> tuple[str, Decimal]:
    """A printed decimal of up to three places and its value; the point may be a middle dot."""
    whole, places = draw(st.integers(low, high)), draw(st.text("0123456789", max_size=3))
    printed = f"{whole}.{places}" if places else str(whole)
    return printed.replace(".", draw(st.sampled_from([".", "·"]))), Decimal(printed)


SIGNS = [("=", "="), (" = ", "="), ("<", "<"), (" < ", "<"), (">", ">"), ("≤", "≤")]


@given(
    estimate=decimals(high=20),
    lower=decimals(high=20),
    upper=decimals(high=20),
    p=st.integers(0, 9999),
    sign=st.sampled_from(SIGNS),
    name=st.sampled_from(["", "HR ", "HR = ", "hazard ratio, ", "hazard ratio for death, ", "hazard ratio (HR) of "]),
    frame=st.sampled_from(["{}; {}; {}", "{} ({}; {})", "{} [{}]; {}", "{} ({}, {})", "{}, {}, {}"]),
    level=st.sampled_from(["95% CI, ", "95% CI: ", "95 % CI ", "95% confidence interval [CI], ", "95% confidence interval; "]),
    between=st.sampled_from([" to ", "–", "-", " – ", ", ", "−"]),
)  # fmt: skip
def test_effects_round_trip(
    estimate: tuple[str, Decimal],
    lower: tuple[str, Decimal],
    upper: tuple[str, Decimal],
    p: int,
    sign: tuple[str, str],
    name: str,
    frame: str,
    level: str,
    between: str,
) -> None:
    p_printed = f"0.{p:04}"
    interval = f"{level}{lower[0]}{between}{upper[0]}"
    text = name + frame.format(estimate[0], interval, f"P{sign[0]}{p_printed}")
    found = PRODUCTIONS["effect"].match(text)
    assert found is not None, text
    values = [(part.measure, part.number, text[part.start : part.end]) for part in found.parts]
    assert values == [
        ("hazard ratio", estimate[1], estimate[0]),
        ("confidence level", Decimal(95), "95"),
        ("confidence interval lower", lower[1], lower[0]),
        ("confidence interval upper", upper[1], upper[0]),
        ("p value", Decimal(p_printed), p_printed),
    ]
    assert [part.comparator for part in found.parts] == ["=", "=", "=", "=", sign[1]]


@given(
    count=st.integers(0, 5000),
    percent=decimals(high=99),
    words=st.sampled_from(
        ["", " patients", " of these patients", " patients in the control group", " other"]
    ),
    thousands=st.booleans(),
    brackets=st.sampled_from(["()", "[]"]),
)
def test_counts_with_percentages_round_trip(
    count: int, percent: tuple[str, Decimal], words: str, *, thousands: bool, brackets: str
) -> None:
    printed = f"{count:,}" if thousands else str(count)
    text = f"{printed}{words} {brackets[0]}{percent[0]}%{brackets[1]} were"
    found = PRODUCTIONS["n-percent"].match(text)
    assert found is not None, text
    assert [(part.measure, part.number, text[part.start : part.end]) for part in found.parts] == [
        ("count", count, printed),
        ("percent", percent[1], percent[0]),
    ]
    assert text[slice(*found.parts[1].unit_spans[0])] == "%"


BOUNDS = {"≥ ": "≥", ">": ">", "<": "<", "≤": "≤", "at least ": "≥", "at most ": "≤", "more than ": ">", "less than ": "<",
          "no more than ": "≤", "up to ": "≤", "no less than ": "≥", "approximately ": "≈", "\\leq ": "≤", ">= ": "≥"}  # fmt: skip
PRINTED_UNITS = {
    " g per deciliter": "g/dL",
    "%": "%",
    " mg/dl": "mg/dL",
    " months": "mo_j",
    "-year": "a",
    "": None,
}


@given(decimals(), st.sampled_from(sorted(BOUNDS)), st.sampled_from(sorted(PRINTED_UNITS)))
def test_thresholds_round_trip(value: tuple[str, Decimal], bound: str, unit: str) -> None:
    text = f"{bound}{value[0]}{unit}, or"
    found = PRODUCTIONS["threshold"].match(text)
    assert found is not None, text
    part = found.parts[0]
    assert (part.comparator, part.number, part.unit) == (BOUNDS[bound], value[1], PRINTED_UNITS[unit])
    assert text[part.start : part.end] == value[0]


@given(st.dates(), st.sampled_from(["%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%Y-%m-%d", "%d %b %Y", "%B %Y"]))
def test_dates_round_trip(date: object, style: str) -> None:
    day = date.replace(year=1900 + date.year % 200)  # type: ignore[attr-defined]
    text = day.strftime(style)
    expected = day.isoformat() if "%d" in style else day.isoformat()[:7]
    assert read("date", text) == [f"date {expected}"]


@given(
    decimals(),
    decimals(),
    st.sampled_from(["–", "-", " to ", " – ", "−", " through "]),
    st.sampled_from(["", "−"]),
)
def test_ranges_round_trip(
    low: tuple[str, Decimal], high: tuple[str, Decimal], between: str, minus: str
) -> None:
    text = f"{minus}{low[0]}{between}{high[0]}"
    found = PRODUCTIONS["range"].match(text)
    assert found is not None, text
    assert [part.number for part in found.parts] == [-low[1] if minus else low[1], high[1]]


# --- scan


def mentions(text: str) -> list[tuple[str, list[str]]]:
    found = scan(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    return [(mention.production, [shown(text, part) for part in mention.parts]) for mention in found]


def test_scan_takes_the_most_specific_reading() -> None:
    text = (
        "The median age was 66 years (range, 40 to 88); 51 patients (71%) and 9 of the 72 women in the group (13%) "
        "responded. The hazard ratio for relapse with the new drug was 0.72 (95% CI, 0.55 to 0.94; P<0.02), 6% annually. "
        "Doses were 45 mg per day every 5 weeks until May 17, 2019; weight was 72.5 ± 9.1 kg; levels of at least 4 g "
        "per deciliter in 35% of samples; the median overall survival was not reached (P=0.2)."
    )
    assert mentions(text) == [
        ("median-range", ["median 66 a", "minimum 40 a", "maximum 88 a"]),
        ("n-percent", ["count 51", "percent 71 %"]),
        ("n-of-N", ["count 9", "denominator 72", "percent 13 %"]),
        ("effect", ["hazard ratio 0.72", "confidence level 95 %", "confidence interval lower 0.55",
                    "confidence interval upper 0.94", "p value <0.02"]),
        ("rate", ["rate 6 %/a"]),
        ("dose", ["dose 45 mg/d"]),
        ("interval", ["interval 5 wk"]),
        ("date", ["date 2019-05-17"]),
        ("mean-sd", ["mean 72.5 kg", "standard deviation 9.1 kg"]),
        ("threshold", ["threshold ≥4 g/dL"]),
        ("percent", ["percent 35 %"]),
        ("median", ["median not reached"]),
        ("p", ["p value 0.2"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "as shown in Figure 3d and Table 2",
        "one of the two criteria in grade 3 or 4 events",
        "with 95% confidence intervals",
        "a KRAS2 assay, version 4.03, in 64 people",
        "a pressure of at least 130/85 mmHg",
        "within approximately 3 years",
        "a median of 10 and 12 in the groups",
        "patients over 65 years of age",
        "the median in patients on AB1677 was",
    ],
)
def test_scan_does_not_guess(text: str) -> None:
    assert mentions(text) == []


def test_a_number_that_names_something_is_no_count() -> None:
    assert mentions("Table 5 shows events (12%), of grade 3 (7%)") == [
        ("percent", ["percent 12 %"]),
        ("percent", ["percent 7 %"]),
    ]


@given(st.text(alphabet=st.sampled_from("0123456789 .,;:()[]%<≥=±–-−/PHRCI95medianofto\ue000"), max_size=80))
def test_scan_stays_inside_any_text(text: str) -> None:
    for mention in scan(text):
        for part in mention.parts:
            assert mention.start <= part.start < part.end <= mention.end
            assert all(0 <= start < end <= len(text) for start, end in part.unit_spans)


HOSTILE = [
    "1 of ", "1 ", "1.", "0.1-", "95% CI ", "hazard ratio ", "median ", "median a ", "(", "1 (", "P", "at least ", "no ", "- ",
    "12 patients ", "1/", "±", "grade 1 or ", "every ", "daily dose of ", "1,111", "twenty one ", "\ue000", "May 1 ", "a", "%",
    "1 mg/", "1 to ", "HR a-", "0.5 (95% CI ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_little_time(piece: str) -> None:
    started = time.perf_counter()
    scan(piece * (6000 // len(piece)))
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    "before", ["0.72", "0.72;", "0.72 (95% CI", "51 patients", "P", "24 (range", "at least", "every"]
)
def test_long_white_space_takes_little_time(before: str) -> None:
    text = before + " " * 20_000 + "x"
    started = time.perf_counter()
    for production in PRODUCTIONS.values():
        production.match(text)
    assert time.perf_counter() - started < 5


# --- the paper: what a person read in it, in the order of its lines


@pytest.fixture(scope="module")
def found_in_paper(paper: Path) -> list[tuple[int, str, list[str]]]:
    """Line number, production and parts of every mention in the prose before the reference list."""
    body = paper.read_text(encoding="utf-8").partition("\nREFERENCES\n")[0]
    return [
        (number, mention.production, [shown(line, part) for part in mention.parts])
        for number, line in enumerate(body.split("\n"), 1)
        if "\t" not in line  # tables are read cell by cell
        for mention in scan(line)
    ]


def test_every_p_value_of_the_paper(found_in_paper: list[tuple[int, str, list[str]]]) -> None:
    p_values = [
        (line, part) for line, _, parts in found_in_paper for part in parts if part.startswith("p value")
    ]
    assert p_values == [
        (19, "p value <0.001"), (19, "p value 0.03"), (118, "p value <0.001"), (118, "p value <0.001"),
        (126, "p value 0.03"), (134, "p value 0.02"), (166, "p value 0.42"), (174, "p value <0.001"),
        (174, "p value 0.03"), (204, "p value 0.24"),
    ]  # fmt: skip


def test_every_effect_of_the_paper(found_in_paper: list[tuple[int, str, list[str]]]) -> None:
    effects = [
        (line, len(parts), parts[0]) for line, production, parts in found_in_paper if production == "effect"
    ]
    assert effects == [
        (19, 5, "hazard ratio 0.18"), (19, 5, "hazard ratio 0.31"), (69, 1, "hazard ratio 0.54"),
        (118, 5, "hazard ratio 0.18"), (126, 5, "hazard ratio 0.31"), (134, 5, "hazard ratio 0.28"),
        (174, 2, "hazard ratio 0.18"), (174, 5, "hazard ratio 0.31"),
    ]  # fmt: skip
    limits = next(
        parts for line, production, parts in found_in_paper if (line, production) == (134, "effect")
    )
    assert limits[1:] == [
        "confidence level 95 %", "confidence interval lower 0.09", "confidence interval upper 0.91", "p value 0.02",
    ]  # fmt: skip


def test_every_count_with_percentage_of_the_prose(found_in_paper: list[tuple[int, str, list[str]]]) -> None:
    pairs = [
        (line, parts[0].removeprefix("count "), parts[1].removeprefix("percent ").removesuffix(" %"))
        for line, production, parts in found_in_paper
        if production == "n-percent"
    ]
    assert pairs == [
        (118, "47", "76"), (118, "13", "23"), (122, "45", "79"), (122, "4", "7"), (122, "4", "7"), (122, "6", "11"),
        (122, "50", "88"), (122, "12", "24"), (122, "35", "70"), (139, "8", "13"), (139, "3", "5"), (158, "4", "9"),
    ]  # fmt: skip
    shares = [(line, parts) for line, production, parts in found_in_paper if production == "n-of-N"]
    assert shares == [
        (126, ["count 4", "denominator 57", "percent 7 %"]),
        (126, ["count 13", "denominator 62", "percent 21 %"]),
        (166, ["count 4", "denominator 62", "percent 6 %"]),
        (166, ["count 1", "denominator 63", "percent 2 %"]),
    ]


def test_every_median_of_the_prose(found_in_paper: list[tuple[int, str, list[str]]]) -> None:
    medians = [(line, parts) for line, production, parts in found_in_paper if production.startswith("median")]
    assert medians == [
        (19, ["median 40 mo_j"]),
        (19, ["median not reached"]),
        (79, ["median 40 mo_j", "minimum 27 mo_j", "maximum 57 mo_j"]),
        (79, ["median not reached"]),
        (120, ["median 26 mo_j", "minimum 4 mo_j", "maximum 40 mo_j"]),
        (122, ["median 15", "minimum 2", "maximum 41"]),
        (126, ["median not reached"]),
        (126, ["median 46 mo_j"]),
        (158, ["median 6.45 g/L", "minimum 0.0 g/L", "maximum 54.5 g/L"]),
    ]


def test_every_threshold_of_the_eligibility_criteria(
    found_in_paper: list[tuple[int, str, list[str]]],
) -> None:
    thresholds = [
        parts[0]
        for line, production, parts in found_in_paper
        if production == "threshold" and line in (39, 41)
    ]
    assert thresholds == [
        "threshold ≤5 a", "threshold ≥10 %", "threshold ≥3 g/dL", "threshold ≥2 g/dL", "threshold >1 g/(24.h)",
        "threshold ≥95 %", "threshold >25 %", "threshold ≥2 mg/dL", "threshold <10 g/dL",
    ]  # fmt: skip
