from ehrql import case, when


def band(age, cuts):
    named = [
        (first, last, f"{first}-{last - 1}")
        for first, last in zip(cuts, cuts[1:], strict=False)
    ]
    return case(
        *(when((age >= first) & (age < last)).then(name) for first, last, name in named)
    )
