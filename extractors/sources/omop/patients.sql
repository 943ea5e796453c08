-- One row per person. The day of birth is not used: date_of_birth is the first of the month, as in ehrQL.
-- The month is month_of_birth, else that of birth_datetime if its year is year_of_birth (a time zone may have
-- moved it into another one), else January (OHDSI's tools count age by year of birth alone, which is the same).
-- Several rows of death on one day are one death.
SELECT
    person.person_id AS patient_id,
    CASE WHEN birth_year BETWEEN 1 AND 9999 THEN make_date(birth_year, birth_month, 1) END AS date_of_birth,
    CASE
        WHEN person.gender_concept_id = 8507 THEN 'male'
        WHEN person.gender_concept_id = 8532 THEN 'female'
        WHEN intersex.concept_id IS NOT NULL THEN 'intersex'
        ELSE 'unknown'
    END AS sex,
    death.death_date AS date_of_death
FROM (
    SELECT
        person_id,
        gender_concept_id,
        coalesce(year_of_birth, year(birth_datetime)) AS birth_year,
        coalesce(
            CASE WHEN month_of_birth BETWEEN 1 AND 12 THEN month_of_birth END,
            CASE WHEN year(birth_datetime) = coalesce(year_of_birth, year(birth_datetime)) THEN month(birth_datetime) END,
            1
        ) AS birth_month
    FROM person
) AS person
LEFT JOIN (
    SELECT person_id, min(death_date) AS death_date FROM death GROUP BY person_id
) AS death ON death.person_id = person.person_id
LEFT JOIN (
    SELECT DISTINCT concept_id FROM concept WHERE lower(concept_name) = 'intersex'
) AS intersex ON intersex.concept_id = person.gender_concept_id
