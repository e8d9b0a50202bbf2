"""Learns what the signs of forms and fields weigh: `python -m benchmarks.train_forms [--write]`.

It reads the labelled pages of `../shared/corpora`; what a label means is said by the scorer in
`../shared/measure`. Two columns are printed. `unseen` is cross-validated: no site of the pages judged is
among the pages learnt from. `seen` is the shipped model on the pages it was learnt from. Only the first says
how new shops are read; the words were listed with the pages at hand, so that even it flatters a little.
"""

import argparse
import gzip
import importlib
import json
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from benchmarks.form_samples import samples
from discount_broker.discovery.extract.forms.controls import Control, Labels
from discount_broker.discovery.extract.forms.finding import read_form
from discount_broker.discovery.extract.forms.kinds import REQUEST
from discount_broker.discovery.extract.forms.roles import fillable, own_signs, signs_of_field, sure_role
from discount_broker.discovery.extract.forms.signs import signs_of
from discount_broker.discovery.extract.forms.traits import Traits
from discount_broker.discovery.extract.forms.weights import UNIT, WEIGHTS, Weights
from discount_broker.discovery.extract.pages.page import decode_page, open_document

SHARED = Path(__file__).resolve().parents[1].joinpath("..", "shared")
SETS = ("forms", "ru_forms", "forms2")
FOLDS = 10
FEWEST_SITES = 3
"""A sign that fewer sites show is a matter of those sites."""
STRENGTH = {"kinds": 0.3, "roles": 0.6}
"""Inverse of the regularisation; chosen by the cross-validated figures."""
LEAST_WEIGHT = 0.05
OF_CONTACT_FORMS = 3.0
"""How much more a field of a contact form counts than one of another form: there the roles are needed."""
ASKS_FOR_SOMETHING = {"booking_or_quote", "callback", "order_request"}
NEITHER_LETTER_NOR_COMMENT = {"share", "report", "page_feedback", "other", "job_application"}

Signs = Collection[str]


@dataclass(frozen=True, eq=False)
class LabelledPage:
    """A page of a set with its forms as read and as labelled."""

    of: str
    page: Mapping[str, Any]
    labels: Sequence[Mapping[str, Any]]
    forms: Sequence[Traits]
    site: str

    @cached_property
    def pairs(self) -> list[tuple[Mapping[str, Any], Traits]]:
        found = [
            {
                "fields": {control.name: "" for control in form.controls if control.name},
                "action": form.document.resolve(form.action),
                "method": form.method,
                "form": form,
            }
            for form in self.forms
        ]
        paired = zip(self.labels, scorer().aligned(self.page, self.labels, found), strict=True)
        return [(label, form["form"]) for label, form in paired if label["annotated"] and form is not None]

    @cached_property
    def kinds(self) -> list["Example"]:
        return [Example(signs_of(form), kind_meant(label), self.site) for label, form in self.pairs]

    @cached_property
    def roles(self) -> list["Example"]:
        """Fields whose type leaves a doubt; those of contact forms count for more."""
        found = []
        for label, form in self.pairs:
            filled = fillable(form.controls)[:60]
            own = [own_signs(control) for control in filled]
            weight = OF_CONTACT_FORMS if label.get("contact_subtype") in scorer().TO_OWNER else 1.0
            for control, role in _labelled_fields(self.of, label, form):
                if control in filled and not sure_role(at := filled.index(control), filled, own):
                    found.append(Example(signs_of_field(at, filled, own), role, self.site, weight))
        return found


def scorer() -> Any:
    """The module that says what the labels mean and counts what is right."""
    if (folder := str(SHARED / "measure")) not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module("score_forms")


def pages_of(name: str) -> Iterator[LabelledPage]:
    folder, suffixes = SHARED / "corpora" / name / "open", PublicSuffixList()
    pages, forms = scorer().load(folder)
    for page in pages:
        content = (folder / page["html"]).read_bytes()
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        url = page["url"] or "http://unknown.example/"
        document = open_document(decode_page(content), url)
        elements = list(document.tree.iter("form"))
        labels = Labels(document)
        traits = [
            Traits(element, document, labels, i, len(elements)) for i, element in enumerate(elements[:200])
        ]
        host = urlsplit(url).hostname or ""
        site = suffixes.privatesuffix(host) or host
        yield LabelledPage(
            name, page, forms.get(page["html"], []), traits, page["html"] if "unknown" in site else site
        )


def kind_meant(label: Mapping[str, Any]) -> str:
    """The class of the model for a labelled form."""
    subtype = label.get("contact_subtype")
    if subtype in ASKS_FOR_SOMETHING:
        return REQUEST
    if subtype in NEITHER_LETTER_NOR_COMMENT or label["form_type"] in ("navigation", "display options"):
        return "other"
    return str(scorer().right_kinds(label, True)[0])


@dataclass(frozen=True, eq=False)
class Example:
    signs: Signs
    meant: str
    site: str
    weight: float = 1.0


OF_SAMPLES = 0.5
"""How much a form written for training counts beside one of a real page."""


def samples_read() -> tuple[list[Example], list[Example]]:
    """The forms and the fields written for training, as examples."""
    forms, fields = [], []
    for turn, sample in enumerate(samples()):
        document = open_document(f"<html><body>{sample.html}", "http://unknown.example/")
        form = Traits(document.tree.find(".//form"), document, Labels(document))
        site = f"sample {turn}"
        forms.append(Example(signs_of(form), sample.kind, site, OF_SAMPLES))
        filled = fillable(form.controls)
        own = [own_signs(control) for control in filled]
        for at, control in enumerate(filled):
            if control.name in sample.roles and not sure_role(at, filled, own):
                signs = signs_of_field(at, filled, own)
                fields.append(Example(signs, sample.roles[control.name], site, OF_SAMPLES))
    return forms, fields


def _labelled_fields(of: str, label: Mapping[str, Any], form: Traits) -> Iterator[tuple[Control, str]]:
    controls, roles = form.controls, scorer().ROLES
    if of == "ru_forms" and len(label["fields_list"]) == len(controls):
        for control, field in zip(controls, label["fields_list"], strict=True):
            yield control, roles.get(field["role"], ("other",))[0]
    if of != "forms":
        return
    seen = set()
    for control in controls:
        field = label["fields"].get(control.name)
        if field and field["code"] != "XX" and control.name not in seen and control.type != "hidden":
            seen.add(control.name)
            yield control, roles.get(field["type"], ("other",))[0]


def learnt(examples: Sequence[Example], strength: float) -> Weights:
    """A multinomial logistic regression, rounded and pruned as it is shipped."""
    linear_model = importlib.import_module("sklearn.linear_model")
    vectors = importlib.import_module("sklearn.feature_extraction").DictVectorizer()
    kept = _common_signs(examples)
    matrix = vectors.fit_transform([dict.fromkeys(sorted(kept & set(e.signs)), 1.0) for e in examples])
    model = linear_model.LogisticRegression(C=strength, max_iter=4000)
    model.fit(matrix, [e.meant for e in examples], sample_weight=[e.weight for e in examples])
    rows = {}
    for place, sign in enumerate(vectors.get_feature_names_out()):
        row = [(at, round(float(line[place]), 2)) for at, line in enumerate(model.coef_)]
        if kept_row := tuple((at, weight) for at, weight in row if abs(weight) >= LEAST_WEIGHT):
            rows[str(sign)] = kept_row
    bias = tuple(round(float(value), 2) for value in model.intercept_)
    return Weights(tuple(str(name) for name in model.classes_), bias, rows)


def models(pages: Sequence[LabelledPage]) -> tuple[Weights, Weights]:
    forms, fields = samples_read()
    return (
        learnt([*(e for page in pages for e in page.kinds), *forms], STRENGTH["kinds"]),
        learnt([*(e for page in pages for e in page.roles), *fields], STRENGTH["roles"]),
    )


def _common_signs(examples: Iterable[Example]) -> set[str]:
    sites = defaultdict(set)
    for example in examples:
        for sign in example.signs:
            sites[sign].add(example.site)
    return {sign for sign, where in sites.items() if len(where) >= FEWEST_SITES}


def judge(pages: Iterable[LabelledPage], kinds: Weights, roles: Weights, reports: Mapping[str, Any]) -> None:
    """Count what is right with these weights, by set, just as the scorer does."""
    score = scorer()
    for page in pages:
        answers = []
        for form in page.forms:
            found = read_form(form, kinds, roles)
            answers.append(
                {
                    "kind": str(found.kind),
                    "confidence": found.confidence,
                    "action": found.action,
                    "method": found.method,
                    "fields": {field.name: str(field.role) for field in found.fields},
                }
            )
        report = reports[page.of]
        pairs = score.aligned(page.page, page.labels, answers)
        for label, found_form in zip(page.labels, pairs, strict=True):
            if label["annotated"]:
                score.score_kind(report, label, found_form or {}, ())
                score.score_contact(report, label, found_form or {}, ())
                if label.get("contact_subtype") in score.TO_OWNER:
                    score.score_roles(report, label, found_form or {}, ())
        score.score_page(report, page.page, page.labels, pairs, ())


def unseen(pages: Sequence[LabelledPage], misses: int) -> dict[str, Any]:
    """Figures of the pages of sites that the model did not learn from."""
    selection = importlib.import_module("sklearn.model_selection")
    reports = _reports()
    for known, new in selection.GroupKFold(FOLDS).split(pages, groups=[page.site for page in pages]):
        learn_from = [pages[at] for at in known]
        kinds, roles = models(learn_from)
        judge([pages[at] for at in new], kinds, roles, reports)
    for report in reports.values():
        for _, text in sorted(report.misses, key=lambda miss: -miss[0])[:misses]:
            print("  ", text)
    return reports


def _reports() -> dict[str, Any]:
    harness = importlib.import_module("harness")
    return {name: harness.Report() for name in SETS}


def as_json(kinds: Weights, roles: Weights) -> str:
    """One sign a line, so that a change of the figures can be read."""
    models = []
    for name, model in (("kinds", kinds), ("roles", roles)):
        lines = ",\n".join(
            f"{json.dumps(sign, ensure_ascii=False)}:[{','.join(f'{at},{round(w * UNIT)}' for at, w in row)}]"
            for sign, row in model.rows.items()
        )
        bias = ",".join(str(round(value * UNIT)) for value in model.bias)
        classes = json.dumps(model.classes)
        models.append(f'"{name}":{{"classes":{classes},"bias":[{bias}],"weights":{{\n{lines}}}}}')
    return "{" + ",\n".join(models) + "}\n"


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.train_forms", description=__doc__)
    options.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    options.add_argument(
        "--misses", type=int, default=0, help="print so many misses of each set on unseen sites"
    )
    chosen = options.parse_args()
    if not (SHARED / "corpora").is_dir():
        sys.exit("The labelled pages are not here (../shared/corpora beside the repository).")
    pages = [page for name in SETS for page in pages_of(name)]
    new = unseen(pages, chosen.misses)
    kinds, roles = models(pages)
    known = _reports()
    judge(pages, kinds, roles, known)
    _print(new, known)
    text = as_json(kinds, roles)
    print(
        f"{len(kinds.rows)} signs of forms, {len(roles.rows)} of fields, {len(text.encode()) / 1000:.0f} kB"
    )
    if chosen.write:
        WEIGHTS.write_text(text, encoding="utf-8")


def _print(new: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    print(f"{'set':10}{'figure':28}{'unseen':>8}{'seen':>8}")
    for name in SETS:
        seen = known[name].figures()
        for figure, value in new[name].figures().items():
            if "[" not in figure and not figure.endswith("f1"):
                print(f"{name:10}{figure:28}{value:8.3f}{seen.get(figure, 0):8.3f}")


if __name__ == "__main__":
    main()
