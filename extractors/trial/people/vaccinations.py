"""The table of vaccinations: what each person was given when."""

from itertools import chain

import numpy as np

from extractors.trial.arrow import Rows, dates, integers, ordinals, words
from extractors.trial.dice import Dice, Rng
from extractors.trial.people import vaccines
from extractors.trial.people.draw import People

NAMES = (vaccines.COVID, vaccines.INFLUENZA, vaccines.PNEUMOCOCCUS, vaccines.SHINGLES)
PRODUCTS = list(chain.from_iterable(vaccines.PRODUCTS[name] for name in NAMES))
# of the products, in their order
USE = {vaccines.COVID: (0.5, 0.43, 0.07), vaccines.INFLUENZA: (0.93, 0.07)}


def vaccinations(rng: Rng, people: People) -> Rows:
    patients, days, diseases, products = [], [], [], []
    for position, name in enumerate(NAMES):
        patient, day = vaccines.doses_of(people, name)
        first = PRODUCTS.index(vaccines.PRODUCTS[name][0])
        patients.append(patient)
        days.append(day)
        diseases.append(np.full(len(patient), position))
        products.append(first + Dice(USE.get(name, (1.0,))).roll(rng, len(patient)))
    patient, day = np.concatenate(patients), np.concatenate(days)
    order = np.lexsort((day, patient))
    patient = patient[order]
    columns = {
        "vaccination_id": integers(people.ids[patient] * 1_000 + ordinals(patient)),
        "date": dates(day[order]),
        "target_disease": words(
            np.concatenate(diseases)[order], [vaccines.DISEASES[name] for name in NAMES]
        ),
        "product_name": words(np.concatenate(products)[order], PRODUCTS),
    }
    return Rows(patient, columns)
