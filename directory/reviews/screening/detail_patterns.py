"""Patterns of personal details in English and Spanish. Every repeat is bounded, so no text can make them slow."""

import re
from collections.abc import Iterator
from functools import cached_property


def any_of(*words: str) -> str:
    """A group that matches one of `words` (each may hold a pattern), the longest first."""
    return "(?:" + "|".join(sorted((word for line in words for word in line.split("|")), key=len, reverse=True)) + ")"


class LazyPattern:
    """A regular expression that is compiled when first used: all together would take a tenth of a second at start."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._pattern, self._flags = pattern, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text)


def words(pattern: str) -> LazyPattern:
    """A pattern of words, whatever their case."""
    return LazyPattern(pattern, re.IGNORECASE)


# --- phone, beside the numbers that the phonenumbers library finds ---

LOCAL_PHONE = words(
    rf"\b{any_of('call|phone|telephone|tel|cell|mobile|text|fax|llame|llamar|llámame|teléfono|telefono|celular|whatsapp')}"
    r"\b[^\d\n]{0,20}(?P<found>\d{3}[-. ]\d{4})\b"
)
DIGIT_WORDS = any_of(
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve",
)
SPELLED_PHONE = words(rf"\b{DIGIT_WORDS}(?:[\s,-]{{1,3}}{DIGIT_WORDS}){{6,14}}\b")

# --- email addresses and links ---

EMAIL = words(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
MAIL_HOSTS = any_of("gmail|yahoo|hotmail|outlook|icloud|aol|proton|protonmail|live|msn")
AT = r"(?:\s{0,2}[(\[]\s?(?:at|arroba)\s?[)\]]\s{0,2}|\s{1,2}(?:at|arroba)\s{1,2})"
DOT = r"(?:\s{0,2}[(\[]\s?(?:dot|punto)\s?[)\]]\s{0,2}|\s{1,2}(?:dot|punto)\s{1,2})"
SPOKEN_EMAIL = words(
    rf"(?<![\w.+-])[\w.+-]{{1,64}}{AT}(?:[\w-]{{1,63}}(?:{DOT}[a-z]{{2,12}}){{1,3}}|{MAIL_HOSTS}\.[a-z]{{2,3}})\b"
)
LINK = words(
    r"\bhttps?://[^\s<>“”\"]{1,300}|\bwww\.[^\s<>“”\"]{1,300}"
    r"|(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|info|biz|edu|gov|health|clinic|care|link|shop|io)\b(?:/[^\s<>“”\"]{0,300})?"
    r"|(?<![\w.@-])[a-z0-9-]{1,63}\.(?:me|ly|us|co|be|gl)/[^\s<>“”\"]{1,300}"
)
HANDLE = words(
    rf"\b{any_of('instagram|insta|ig|tiktok|twitter|facebook|snapchat|telegram|venmo')}\b[\s:(]{{1,3}}@[\w.]{{2,30}}"
)
HOME_ADDRESS = words(
    rf"\b{any_of('live|lives|living|reside|resides|home|house|address|vivo|vive|casa|domicilio|dirección')}\b"
    r"[^\d\n.]{0,25}(?P<found>\d{1,6}\s(?!miles?\b|minutes?\b|mins?\b|hours?\b|blocks?\b|km\b)(?:[\w'’-]{1,20}\s){1,4}"
    rf"{any_of('street|st|avenue|ave|boulevard|blvd|road|rd|drive|dr|lane|ln|court|ct|place|pl|way|circle|terrace')}\b"
    rf"|{any_of('calle|avenida|paseo|camino')}\s(?:[\w'’-]{{1,20}}\s){{1,4}}\d{{1,6}}\b)"
)

# --- numbers of records, and dates of birth ---

NUMBER_OF = r"(?:number|numbers|no\.|no|num|número|numero|núm\.|nº|n°|id|#)"
RECORD_WORDS = any_of(
    "medical record|record|chart|claim|member|membership|policy|case|account|subscriber|group|patient|reference",
    "acct|medicare|medicaid|medi-cal|insurance|expediente|historia clínica|historial|póliza|poliza|reclamo",
    "afiliado|miembro|caso|cuenta|paciente",
)
CODE = r"(?P<found>(?=[a-z-]{0,6}\d)[a-z\d](?:[a-z\d-]{0,18}[a-z\d])?)\b"
"""Letters and digits with a digit among the first few; how many digits there must be is counted afterward."""
RECORD_NUMBER = words(
    rf"\b{RECORD_WORDS}(?:\s(?:de|del))?\s?(?:{NUMBER_OF}\s?){{1,2}}(?:(?:is|was|es|era)\s|[:=#]\s?){{0,2}}{CODE}"
)
NUMBER_OF_RECORD = words(
    rf"\b(?:número|numero|núm\.|nº)\s(?:de|del)\s{RECORD_WORDS}\s?(?:(?:es|era)\s|[:=#]\s?){{0,2}}{CODE}"
)
MEDICAL_RECORD_NUMBER = words(rf"\bMRN\W{{0,3}}(?:(?:{NUMBER_OF}|is|was|es)\W{{0,2}}){{0,2}}{CODE}")
BARE_RECORD_NUMBER = words(rf"\b{RECORD_WORDS}(?:\s(?:is|was)|\s?:)?\s?{CODE}")
SOCIAL_SECURITY = words(
    r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|\b(?:ssn|social security|my social|seguro social)\b[^\d\n.]{0,30}"
    r"(?:\d{3}[- ]?\d{2}[- ]?\d{4}|\d{4})\b"
)
MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september"
    r"|october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}"
    rf"|{MONTHS}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s(?:de\s|of\s)?{MONTHS}\.?,?\s(?:de\s|del\s)?\d{{4}})"
)
BIRTH_DATE = words(
    r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|birthday|born|fecha de nacimiento|cumpleaños|nací|nacid[oa])(?!\w)"
    rf"[^\d\n]{{0,15}}?{DATE}\b"
)

# --- names of staff ---

CAPITALIZED = r"[A-ZÀ-ÖØ-Þ](?:['’][A-ZÀ-ÖØ-Þ])?[a-zß-öø-ÿ][\w'’-]{0,23}"
NAME = rf"{CAPITALIZED}(?:\s{CAPITALIZED})?"
"""One or two capitalized words of two letters or more."""
SHORT_TITLES = r"(?:[Dd][Rr][AaSs]?|Prof|Mrs?|Ms|Sra?|Srta)"
TITLES = rf"(?:{SHORT_TITLES}\.\s?|(?:{SHORT_TITLES}|Miss)\s|(?i:doctora?|professor|señora?|señorita)\s)"
ROLES = any_of(
    "nurse practitioner|nurse|physician assistant|medical assistant|assistant|receptionist|secretary|technician",
    "tech|phlebotomist|therapist|scheduler|biller|coordinator|intern|office manager|manager|front desk lady",
    "front desk girl|front desk person|nurse injector|injector|neurologist|physiatrist|anesthesiologist",
    "staff member|enfermera|enfermero|recepcionista|asistente|secretaria|secretario|técnica|técnico|terapeuta",
    "gerente|neurólogo|neuróloga",
)
NAMED = any_of(
    "named|called|is called|was called|whose name is|whose name was|by the name of|llamada|llamado|que se llama",
    "de nombre",
)
DESK = (
    r"(?i:(?:(?:who works |working )?(?:at|in)|from|on|of|de|del|en)\s(?:the\s|la\s|el\s|their\s)?"
    r"(?:front desk|front office|reception|billing|check-?in|check-?out|scheduling|recepci[oó]n|facturación|caja))\b"
)
AFTER_TITLE = (
    LazyPattern(rf"\b{TITLES}(?P<name>{NAME})"),
    LazyPattern(r"\b(?:DRA?\.|Dra?\.?)\s(?P<name>[A-ZÀ-ÖØ-Þ]{3,20})\b"),
    LazyPattern(rf"\b(?:(?i:{ROLES})|PA|MA|RN|NP|LVN)(?:\s(?i:{NAMED}))?,?\s(?P<name>{NAME})"),
    LazyPattern(rf"\b(?i:(?:my|our|mi|nuestra) {ROLES} (?:was|is|es|era|fue))\s(?P<name>{NAME})(?=[.,;!?]|$)"),
    LazyPattern(
        rf"\b(?i:{ROLES}|lady|woman|man|guy|girl|señora|muchacha|señorita)\s(?i:{NAMED})\s(?P<name>[\w'’-]{{2,25}})"
    ),
    LazyPattern(
        rf"\b(?i:(?:her|his|their|{ROLES}(?:['’]s)?) name (?:is|was)|se llama(?:ba)?|su nombre (?:es|era))"
        rf"\s(?P<name>{NAME})"
    ),
)
"""A title, a role or "her name is", and then the name."""
BEFORE_ROLE = (
    LazyPattern(rf"\b(?P<name>{NAME}),?\s(?i:the|my|our|their|his|her|la|el|mi|su)\s(?i:{ROLES})\b"),
    LazyPattern(rf"\b(?P<name>{NAME})\s\((?i:the\s|my\s|la\s|el\s|mi\s)?(?i:{ROLES})\)"),
    LazyPattern(rf"\b(?P<name>{NAME})\s(?i:is|was|es|era|fue)\s(?i:my|our|the|mi|la|el)\s(?i:{ROLES})\b"),
    LazyPattern(rf"\b(?P<name>{NAME}),\s?(?:RN|LVN|NP|PA-C|BSN|MSN|FNP|DPT)\b"),
)
"""The name, and then what the person is."""
AT_DESK = LazyPattern(rf"\b(?P<name>{NAME}),?\s{DESK}")

# --- the health of others ---

RELATIVES = any_of(
    "husband|wife|spouse|mother|mom|mum|mama|father|dad|papa|son|daughter|brother|sister|friend|neighbor",
    "neighbou?r|coworker|co-worker|colleague|boss|aunt|uncle|cousin|nephew|niece|boyfriend|girlfriend|partner",
    "grandmother|grandma|grandfather|grandpa|kid|child|baby|roommate|mother-in-law|father-in-law|sister-in-law",
    "brother-in-law|stepson|stepdaughter|fiancée?|esposo|esposa|marido|mujer|madre|mamá|padre|papá|hijo|hija",
    "hermano|hermana|amigo|amiga|vecino|vecina|jefe|jefa|tío|tía|primo|prima|sobrino|sobrina|novio|novia|abuelo",
    "abuela|suegro|suegra|cuñado|cuñada|compañero|compañera|pareja|nieto|nieta",
)
STRANGERS = any_of(
    "patient|lady|woman|man|gentleman|guy|girl|boy|person|paciente|señora|señor|mujer|hombre|persona|muchacha",
)
BESIDE = (
    r"(?:\s(?:(?:sitting|waiting|who was|sentad[oa])\s)?(?:(?:next to|beside|behind|before|after|in front of"
    r"|across from|ahead of|a mi lado|al lado de|junto a|delante de|detrás de|antes de|después de)"
    r"(?:\s(?:me|us|mí|mi|nosotros))?|(?:in|en)\s(?:the|la|el)\s(?:[\w-]{1,12}\s)?(?:room|chair|sala)))"
)
A_RELATIVE = (
    r"\b(?:my|our|his|her|their|mi|mis|su|nuestro|nuestra)\s"
    rf"(?:\d{{1,2}}[ -]year[ -]old\s|[\w’'-]{{1,12}}\s)??{RELATIVES}s?\b"
)
A_STRANGER = (
    rf"(?:\b(?:the|another|that|la|el|otro|otra|esa|ese)\s(?:other\s|older\s|elderly\s|young\s|otra\s|otro\s)?{STRANGERS}\b{BESIDE}?"
    rf"|\b(?:a|an|one|some|un|una)\s(?:[\w-]{{1,12}}\s)??{STRANGERS}\b{BESIDE})"
)
STEP = (
    r"(?:(?!(?:i|i['’]\w{1,2}|me|my|mine|we|our|us|yo|mi|mis|tengo|nosotros|and|y|but|pero|because|porque|since|while|when|cuando|mientras|so|as|if"
    r"|although|though|for me|about|how|than|que)\b)[\w’'-]{1,20},?\s)"
)
"""A word that neither brings the writer in nor starts another thought."""
CONDITIONS = any_of(
    "parkinson|parkinsons|parkinson['’]s|dystonia|distonía|torticollis|tortícolis|cancer|cáncer|tumou?rs?|hiv|vih",
    "sida|depression|depresión|anxiety|ansiedad|diabetes|diabetic|diabétic[oa]|strokes?|derrames? cerebral(?:es)?",
    "seizures?|convulsiones|epilepsy|epilepsia|epileptic|migraines?|migrañas?|dementia|demencia|alzheimer",
    "alzheimers|alzheimer['’]s|multiple sclerosis|esclerosis múltiple|autism|autismo|autistic|autista|bipolar",
    "schizophrenia|esquizofrenia|hepatitis|herpes|addict|addiction|adicción|alcoholic|alcohólic[oa]|alcoholism",
    "pregnant|embarazada|spasms?|espasmos?|spasmodic|spasticity|espasticidad|cerebral palsy|parálisis cerebral",
    "arthritis|artritis|fibromyalgia|fibromialgia|lupus|leukemia|leucemia|lymphoma|heart attack|infarto",
    "heart failure|heart disease|kidney disease|kidney failure|dialysis|diálisis|tremors?|temblores|temblor",
    "tourette|tourettes|tourette['’]s|asthma|asma|tuberculosis|syphilis|sífilis|scoliosis|escoliosis",
    "blepharospasm|chemo|chemotherapy|quimioterapia|overdose|suicidal|miscarriage|abortion|aborto|chronic pain",
    "dolor crónico|neuropathy|neuropatía|psychosis|brain injury|concussion|(?-i:MS)|(?-i:ALS)|(?-i:AIDS)",
    "(?-i:ADD)|adhd|ocd|ptsd",
)
TREATMENTS = any_of(
    "botox|bótox|dysport|xeomin|botulinum|toxina botulínica|injections|inyecciones|antidepressants|methadone",
    "insulin|insulina",
)
HAS = any_of(
    "has|had|have|having|suffers|suffered|suffering|got|gets|getting|is|was|are|were|sees|saw|goes|went|comes",
    "came|died|struggles|lives|battled|battles|survived|beat|developed|lost|tiene|tenía|tuvo|padece|padecía|sufre",
    "sufría|sufrió|está|estaba|fue|es|murió|va|viene|vino",
)
GETS = any_of(
    "gets|got|getting|receives|received|receiving|takes|taking|is on|was on|had|has had|recibe|recibió|recibía",
    "toma|se pone",
)


def _health_of(person: str) -> tuple[LazyPattern, LazyPattern]:
    return (
        words(rf"{person},?\s{STEP}{{0,3}}?{HAS},?\s{STEP}{{0,4}}?{CONDITIONS}\b"),
        words(rf"{person},?\s{STEP}{{0,2}}?{GETS}\s{STEP}{{0,2}}?{TREATMENTS}\b"),
    )


HEALTH_OF_STRANGERS = _health_of(A_STRANGER)
HEALTH_OF_OTHERS = (
    *_health_of(f"(?:{A_RELATIVE}|{A_STRANGER})"),
    words(rf"{A_RELATIVE}\s(?:with|con)\s{STEP}{{0,2}}?{CONDITIONS}\b"),
    words(rf"{A_RELATIVE}(?:['’]s?)\s{STEP}{{0,2}}?{CONDITIONS}\b"),
    words(rf"\b(?:el|la|los|las)\s{CONDITIONS}\s(?:de|del)\s(?:mi|su)\s{RELATIVES}\b"),
    words(rf"\bthe\s{CONDITIONS}\sof\s(?:my|his|her)\s{RELATIVES}\b"),
)
