-- One row a person of an OMOP Common Data Model 5.4 with at least one measured body mass index: age and sex, the latest measurements,
-- and whether type 2 diabetes mellitus was ever diagnosed. Concepts: 8507 male; 3004249 systolic blood pressure; 3038553 body mass
-- index; 3004410 haemoglobin A1c; 201826 type 2 diabetes mellitus.
WITH latest AS (
    SELECT DISTINCT ON (person_id, measurement_concept_id) person_id, measurement_concept_id, value_as_number, measurement_date
    FROM measurement
    WHERE measurement_concept_id IN (3004249, 3038553, 3004410) AND value_as_number IS NOT NULL
    ORDER BY person_id, measurement_concept_id, measurement_date DESC, measurement_id DESC
)
SELECT
    p.person_id,
    EXTRACT(YEAR FROM bmi.measurement_date) - p.year_of_birth AS age,
    CASE WHEN p.gender_concept_id = 8507 THEN 1 ELSE 0 END AS male,
    bmi.value_as_number AS bmi,
    systolic.value_as_number AS systolic,
    hba1c.value_as_number AS hba1c,
    EXISTS (SELECT 1 FROM condition_occurrence c WHERE c.person_id = p.person_id AND c.condition_concept_id = 201826) AS diabetes
FROM person p
JOIN latest bmi ON bmi.person_id = p.person_id AND bmi.measurement_concept_id = 3038553
LEFT JOIN latest systolic ON systolic.person_id = p.person_id AND systolic.measurement_concept_id = 3004249
LEFT JOIN latest hba1c ON hba1c.person_id = p.person_id AND hba1c.measurement_concept_id = 3004410
