-- The underlying cause is cause_source_value if it is an ICD-10 code, else the code of the source concept or
-- of the concept if that is one of vocabulary ICD10, else NULL. Codes are written without the dot.
-- Most causes are SNOMED's concepts; their code is in a column of its own (extractors.tables.omop_core).
-- OMOP has one cause and no place. Several rows of a person are one death, which may have several causes (OHDSI's
-- Themis says so); the first one in the order of the alphabet is taken.
SELECT DISTINCT ON (death.person_id)
    death.person_id AS patient_id,
    death.death_date AS date,
    coalesce(
        CASE
            WHEN regexp_full_match(replace(death.cause_source_value, '.', ''), '[A-Z][0-9]{2}X?[0-9]{0,2}')
                THEN replace(death.cause_source_value, '.', '')
        END,
        source.code,
        cause.code
    ) AS underlying_cause_of_death,
    snomed.code AS cause_snomedct_code,
    NULL AS cause_of_death_01, NULL AS cause_of_death_02, NULL AS cause_of_death_03,
    NULL AS cause_of_death_04, NULL AS cause_of_death_05, NULL AS cause_of_death_06,
    NULL AS cause_of_death_07, NULL AS cause_of_death_08, NULL AS cause_of_death_09,
    NULL AS cause_of_death_10, NULL AS cause_of_death_11, NULL AS cause_of_death_12,
    NULL AS cause_of_death_13, NULL AS cause_of_death_14, NULL AS cause_of_death_15
FROM death
SEMI JOIN person ON person.person_id = death.person_id
LEFT JOIN (
    SELECT DISTINCT concept_id, replace(concept_code, '.', '') AS code
    FROM concept
    WHERE vocabulary_id = 'ICD10'
        AND regexp_full_match(replace(concept_code, '.', ''), '[A-Z][0-9]{2}X?[0-9]{0,2}')
) AS source ON source.concept_id = death.cause_source_concept_id
LEFT JOIN (
    SELECT DISTINCT concept_id, replace(concept_code, '.', '') AS code
    FROM concept
    WHERE vocabulary_id = 'ICD10'
        AND regexp_full_match(replace(concept_code, '.', ''), '[A-Z][0-9]{2}X?[0-9]{0,2}')
) AS cause ON cause.concept_id = death.cause_concept_id
LEFT JOIN (
    SELECT DISTINCT concept_id, concept_code AS code FROM concept WHERE vocabulary_id = 'SNOMED'
) AS snomed ON snomed.concept_id = death.cause_concept_id
ORDER BY death.person_id, date NULLS LAST, underlying_cause_of_death NULLS LAST, cause_snomedct_code NULLS LAST
