"""The questions of a review and the answers offered: key in the database, words on the page."""

RELIEF = {"none": "none", "little": "a little", "half": "about half", "most": "most", "all": "all"}
SIDE_EFFECTS = {
    "none": "none",
    "trouble_swallowing": "trouble swallowing",
    "neck_weakness": "neck weakness",
    "dry_mouth": "dry mouth",
    "site_pain": "pain at the site",
    "headache": "headache",
    "other": "other",
}
WAITS = {
    "week": "up to a week",
    "month": "up to a month",
    "three_months": "one to three months",
    "longer": "more than three months",
}
"""For an appointment."""
GUIDANCE = {"emg": "EMG", "ultrasound": "ultrasound", "neither": "neither", "unknown": "I don’t know"}
PAID = {
    "nothing": "nothing",
    "under_100": "under $100",
    "100_499": "$100 to $499",
    "500_999": "$500 to $999",
    "1000_1999": "$1,000 to $1,999",
    "2000_more": "$2,000 or more",
}
"""Out of the patient's own pocket for one visit."""
TIES = {
    "none": "None. I was treated there, that is all.",
    "works_there": "I work there, or worked there.",
    "family": "I am family or a friend of someone who works there.",
    "rewarded": "I was given or promised something for this review.",
    "competitor": "I work for another provider.",
}
"""What binds the writer to the clinic (16 CFR 465.5)."""

LONGEST_TEXT = 5_000  # characters
LONGEST_AUTHOR = 60
MOST_ONSET_DAYS = 90
MOST_WEEKS = 60
