"""Released tables as files, as ehrQL writes them."""

EHRQL = """interval_start,interval_end,ratio,numerator,denominator,sex
2020-01-06,2020-01-12,0.2500,2,8,f
2020-01-06,2020-01-12,0.3333,3.0,9,
"""


def written(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
