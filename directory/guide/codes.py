"""The codes that clinics and insurers use for this treatment: what each is for, and where the list is from.

ICD-10-CM for the diagnosis, CPT for what is done, HCPCS for the medicine.
Their source is the fact `codes` of facts.toml.
"""

from directory.providers.offerings import HCPCS_OF_PRODUCT

DIAGNOSIS = "G24.3"  # spasmodic torticollis
PROCEDURE = "64616"  # injection into neck muscles of one side
BOTH_SIDES_MODIFIER = "50"  # modifier of the procedure: both sides on one day
GUIDANCE = "95874"  # EMG guidance, beside the procedure
PRODUCT_CODES = HCPCS_OF_PRODUCT  # by the keys of `offerings.PRODUCTS`
