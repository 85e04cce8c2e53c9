"""What a provider may offer: the fixed choices, with the names that pages show.

The keys are stored in the database and stand in URLs, so they never change.
"""

PRODUCTS = {
    "botox": "Botox (onabotulinumtoxinA)",
    "dysport": "Dysport (abobotulinumtoxinA)",
    "xeomin": "Xeomin (incobotulinumtoxinA)",
    "myobloc": "Myobloc (rimabotulinumtoxinB)",
    "daxxify": "Daxxify (daxibotulinumtoxinA)",
}

SERVICES = {
    "emg_guidance": "EMG guidance",
    "ultrasound_guidance": "Ultrasound guidance",
    "topical_anaesthetic": "Topical anaesthetic",
    "combined_physical_therapy": "Combined physical therapy",
}

LANGUAGES = {
    "ar": "Arabic",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "hy": "Armenian",
    "ja": "Japanese",
    "ko": "Korean",
    "ru": "Russian",
    "tl": "Tagalog",
    "vi": "Vietnamese",
    "zh": "Chinese",
}

FEES = {
    "consultation": "Consultation",
    "injection": "Injection procedure (CPT 64616), one side",
    "guidance": "EMG or ultrasound guidance",
    "product_unit": "Product, one unit",
}

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""By the number of the day in office hours."""

TREATING = "treating"

TREATING_SPECIALTIES = {
    "2084N0400X": "Neurology Physician",
    "2084N0008X": "Neuromuscular Medicine (Psychiatry & Neurology) Physician",
    "2081N0008X": "Neuromuscular Medicine (Physical Medicine & Rehabilitation) Physician",
    "2084N0600X": "Clinical Neurophysiology Physician",
    "208100000X": "Physical Medicine & Rehabilitation Physician",
    "2081P2900X": "Pain Medicine (Physical Medicine & Rehabilitation) Physician",
    "2084P2900X": "Pain Medicine (Psychiatry & Neurology) Physician",
    "207LP2900X": "Pain Medicine (Anesthesiology) Physician",
    "208VP0000X": "Pain Medicine Physician",
    "208VP0014X": "Interventional Pain Medicine Physician",
    "207Y00000X": "Otolaryngology Physician",
    "261QP3300X": "Pain Clinic/Center",
    "225100000X": "Physical Therapist",
}
"""NUCC codes of those who treat neck spasms or work beside those who do; `TREATING` stands for all of them."""
