from ehrql import months

START = "2020-01-01"
intervals = months(2).starting_on(START)
