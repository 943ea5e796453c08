-- Conditions, measurements, observations and procedures are all clinical events. The code is that of
-- the standard concept if it is SNOMED's; an event of another vocabulary keeps its date and number and
-- has no code.
SELECT
    event.person_id AS patient_id,
    event.date,
    snomed.concept_code AS snomedct_code,
    event.numeric_value
FROM (
    SELECT
        person_id,
        condition_concept_id AS concept_id,
        condition_start_date AS date,
        CAST(NULL AS DOUBLE) AS numeric_value
    FROM condition_occurrence
    UNION ALL
    SELECT person_id, measurement_concept_id, measurement_date, value_as_number FROM measurement
    UNION ALL
    SELECT person_id, observation_concept_id, observation_date, value_as_number FROM observation
    UNION ALL
    SELECT person_id, procedure_concept_id, procedure_date, NULL FROM procedure_occurrence
) AS event
SEMI JOIN person ON person.person_id = event.person_id
LEFT JOIN (
    SELECT DISTINCT concept_id, concept_code
    FROM concept
    WHERE vocabulary_id = 'SNOMED' AND standard_concept = 'S'
) AS snomed ON snomed.concept_id = event.concept_id
