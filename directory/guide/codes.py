"""The codes that clinics and insurers use for this treatment, from public coding references.

ICD-10-CM for the diagnosis, CPT for what is done, HCPCS level II for the medicine. The keys of the products are those
of `providers/offerings.py`.
"""

DIAGNOSIS = "G24.3"  # spasmodic torticollis
PROCEDURE = "64616"  # injection of the neck muscles of one side
BOTH_SIDES = "50"  # modifier of the procedure: both sides on one day
GUIDANCE = "95874"  # EMG guidance, beside the procedure
PRODUCT_CODES = {"botox": "J0585", "dysport": "J0586", "myobloc": "J0587", "xeomin": "J0588", "daxxify": "J0589"}
SOURCE_FACT = "codes"  # the entry of facts.toml that names the source of all of these
