-- dm+d is a source vocabulary in OMOP (the standard ones for drugs are RxNorm and its extension), so its
-- code is that of drug_concept_id only where a site made it so, and else that of drug_source_concept_id.
-- An exposure without either keeps its date and has no code.
SELECT
    drug_exposure.person_id AS patient_id,
    drug_exposure.drug_exposure_start_date AS date,
    coalesce(drug.concept_code, source.concept_code) AS dmd_code
FROM drug_exposure
SEMI JOIN person ON person.person_id = drug_exposure.person_id
LEFT JOIN (
    SELECT DISTINCT concept_id, concept_code FROM concept WHERE vocabulary_id = 'dm+d'
) AS drug ON drug.concept_id = drug_exposure.drug_concept_id
LEFT JOIN (
    SELECT DISTINCT concept_id, concept_code FROM concept WHERE vocabulary_id = 'dm+d'
) AS source ON source.concept_id = drug_exposure.drug_source_concept_id
