from ehrql import create_measures
from measures_defs.emergencies import define

measures = create_measures()
define(measures)
