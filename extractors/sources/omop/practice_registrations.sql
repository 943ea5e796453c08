-- An observation period is a registration. OMOP knows the practice of a person, not of a period:
-- the person's care site, else that of the person's provider, else 0 (in OMOP, "no matching concept").
SELECT
    observation_period.person_id AS patient_id,
    observation_period.observation_period_start_date AS start_date,
    observation_period.observation_period_end_date AS end_date,
    coalesce(nullif(person.care_site_id, 0), provider.care_site_id, 0) AS practice_pseudo_id
FROM observation_period
JOIN person ON person.person_id = observation_period.person_id
LEFT JOIN (
    SELECT provider_id, max(care_site_id) AS care_site_id FROM provider GROUP BY provider_id
) AS provider ON provider.provider_id = person.provider_id
