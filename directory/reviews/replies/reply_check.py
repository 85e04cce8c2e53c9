"""What a clinic's reply may not say: that a person is a patient, or anything about their care. Pure.

It is strict: whatever it refuses can be said in general terms, and `TEMPLATE` passes. A moderator reads what passes.
The patterns, of English and Spanish, expect one space between words; every repeat in them is bounded.
"""

import re
from collections.abc import Iterator

from directory.reviews.screening.detail_patterns import DATE, MONTHS, RELATIVES, LazyPattern, any_of, words
from directory.reviews.screening.personal_details import TextFinding, find_details, is_a_name, one_spaced, shortened

MAX_REPLY_LENGTH = 2_000  # characters
TEMPLATE = (
    "Thank you for taking the time to write. The law on privacy keeps us from saying in public whether anyone has been "
    "to our practice, and from discussing anyone’s health. We read every comment and use it to do better. Anyone who "
    "would like to talk with us can call our office and ask for the practice manager."
)
"""A reply that passes the check."""
SENTENCES: dict[str, str] = {
    "patient": "Remove “{}”: it shows that the writer is, or is not, a patient. A practice can’t confirm either.",
    "care": "Remove “{}”: a practice can’t discuss anyone’s care, even if the review does.",
    "dose": "Remove “{}”: a dose is part of someone’s care.",
    "when": "Remove “{}”: it could reveal when someone was there.",
    "name": "Remove the name in “{}”: it could reveal who the writer is.",
    "phone": "Remove the phone number “{}”: the practice’s number is already on its page.",
    "email": "Remove the email address “{}”: ask people to call the office instead.",
    "link": "Remove the link “{}”: replies can’t include links.",
}
"""By kind of finding; the other kinds keep the sentences of `personal_details`."""

CARE = any_of(
    "appointments?|visits?|treatments?|injections?|shots?|procedures?|diagnosis|diagnoses|conditions?|symptoms?",
    "results?|records?|chart|file|history|medications?|medicines?|prescriptions?|doses?|dosage|units|pain|neck",
    "head|shoulders?|muscles?|spasms?|dystonia|torticollis|migraines?|headaches?|care|case|recovery|progress",
    "sessions?|insurance|claims?|bills?|invoice|balance|copay|deductible|accounts?|tests?|scan|referral",
    "consultation|consult|doctor|physician|nurse|injector|therapist|specialist|follow[- ]?up|health|side effects?",
    "relief|botox|dysport|xeomin|surgery|therapy|outcomes?|experience|wait|stay|time with us|time here|exam",
    "examination|evaluation|intake|paperwork|authorization|reaction|improvement|disease|illness|disability",
    "weakness|swallowing",
)
CARE_IN_SPANISH = any_of(
    "citas?|visitas?|tratamientos?|inyección|inyecciones|procedimientos?|diagnósticos?|condición|síntomas?",
    "resultados?|expediente|historial|medicamentos?|medicina|recetas?|dosis|dolor|cuello|cabeza|músculos?",
    "espasmos?|distonía|migrañas?|caso|recuperación|progreso|sesión|sesiones|seguro|factura|cuenta|pruebas?",
    "consulta|doctora?|médico|médica|enfermera|terapia|cirugía|salud|efectos secundarios|alivio|mejoría",
    "experiencia|espera|evaluación|cuidado|enfermedad|debilidad",
)
MAY_FOLLOW_YOUR = any_of(
    "feedback|reviews?|comments?|concerns?|words|message|opinions?|thoughts|privacy|and|or|about|of|for|on|in|to",
    "but|y|o|de|sobre|comentarios?|opinión|mensaje|reseña|privacidad|palabras",
)
"""What a reply may well give to "your"; what stands behind one of these is not the writer's."""
BETWEEN = rf"(?:(?!{MAY_FOLLOW_YOUR}\b)[\w’'-]{{1,20}} ){{0,2}}"
TREATED = any_of(
    "treat|treated|treating|saw|inject|injected|examined|diagnosed|prescribed|evaluated|referred|helped|cared for",
    "care for|taking care of|took care of|take care of|gave|given|offered|billed|charged|refunded|scheduled|told",
    "called|contacted|reminded|informed|warned|advised|explained to|explained everything to|discussed with",
    "discussed this with|spoke with|spoke to|talked to|talked with|met with|followed up with|checked on|seen|see",
    "seeing|served|serving|serve|monitored",
)
DID = any_of(
    "came|visited|saw|received|underwent|missed|cancelled|canceled|rescheduled|arrived|checked in|declined",
    "refused|signed|waited|paid|owe|owed|complained|reported|experienced|suffered|suffer|felt|mentioned to",
    "agreed to|chose to|were seen|were treated|were given|were told|were late|were offered|were informed",
    "were here|were injected|were diagnosed|were under|were scheduled|were referred|were examined|were charged",
    "were billed|are feeling|feel better|got better|had to wait|had an?|had the|had your|had botox|had injections",
    "have been coming|have been seeing|have been with us|have had|have seen|came in|come in every|no-showed",
    "did not show|didn['’]t show|never came|never returned|stopped coming|left our|left the office|left before",
    "did not come|didn['’]t come|asked us|told us|told me|told our|decided to stop|discontinued",
)
FEW = r"(?:[\w’'-]{1,15} ){0,2}?"
WEEKDAYS = any_of(
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
)
SPAN = any_of("week|month|year|spring|summer|fall|autumn|winter|semana|mes|año")

PATIENT = (
    words(r"\b(?:our|this|that|the|said|former|existing|current|established|loyal|valued) patient(?:['’]s)?\b"),
    words(r"\ba patient of (?:ours|our|the|this|Dr)\b|\bone of our (?:[\w-]{1,15} ){0,2}?patients\b"),
    words(
        r"\b(?:you|as|being|been|become|became|were|are) (?:(?:are|were|have|had|been|being|is|not|never|actually"
        rf"|indeed|still|no|longer|always) ){{0,4}}?(?:an?|our|my|one of) {FEW}patients?\b"
    ),
    words(
        r"\b(?:thank you|thanks|grateful|appreciate you) (?:so much |very much )?(?:for )?(?:choosing|trusting|coming"
        r"|visiting|letting us|allowing us|being|seeing|placing|entrusting"
        r"|your (?:trust|loyalty|visit|business|confidence|continued))\b"
    ),
    words(r"\b(?:see|seeing|have|having|treat|welcome|welcoming) you (?:again|soon|next|back|at|in|here|for)\b"),
    words(r"\bwelcome back\b|\byour next\b|\bsince your\b|\bnext time you\b|\bcome (?:back|in) (?:and|to|for|so)\b"),
    words(
        r"\b(?:our|the|my) records\b|\baccording to (?:our|the|my) (?:system|notes|schedule)\b"
        r"|\bno record (?:of|that|for)\b|\bnot in our (?:system|database|files)\b"
        r"|\bnever (?:been )?(?:seen|treated|met)\b"
    ),
    words(
        r"\bour (?:notes|charts?|logs?|schedule|system|files?|recordings?) (?:show|say|indicate|have|from|of)\b"
        r"|\b(?:find|found|locate) you\b|\bno patient\b|\bby (?:that|this|your) name\b"
        r"|\b(?:treated|seen|injected|examined) (?:here|by us|by our|at our|in our)\b"
        r"|\bthis (?:person|individual|reviewer) (?:was|is|has|had|never|did|came|left)\b"
    ),
    words(r"\b(?:see|meet|meeting|remember|recall|know|knowing|having|had) you\b|\bregistro de usted\b"),
    words(r"\b(?:nuestr[oa]|est[ea]|el|la|dich[oa]|es[ea]) paciente\b|\bpaciente nuestr[oa]\b|\bser paciente\b"),
    words(
        r"\bgracias por (?:elegir|escoger|preferir|confiar|visitar|venir|permitir|acudir)\w{0,6}\b"
        r"|\bgracias por (?:su|tu) (?:confianza|visita|preferencia|lealtad)\b"
    ),
    words(
        r"\bnuestros (?:registros|expedientes|archivos)\b"
        r"|\b(?:ver|recibir|atender)(?:l[oae]|te) (?:de nuevo|pronto|otra vez)\b"
    ),
)
"""Shows that the writer is, or is not, a patient."""
CARE_TOLD = (
    words(rf"\b(?:your|ur|yours) {BETWEEN}{CARE}\b"),
    words(rf"\b(?:su|sus|tu|tus) {BETWEEN}{CARE_IN_SPANISH}\b"),
    words(rf"\byou (?:(?:have|had|never|also|then|first|last|only|just|both|really|clearly) ){{0,2}}?{DID}\b"),
    words(
        r"(?<!if )\byou (?:were|weren['’]t|didn['’]t|did not|never|had been)\b"
        r"|\byou(?: have|['’]ve) (?:never |not |always )?(?:been|gone|come|had)\b"
    ),
    words(rf"\byour {RELATIVES}\b|\b(?:minutes?|hours?|time|session) with you\b"),
    words(rf"\b(?:his|her) (?:[\w’'-]{{1,20}} )?{CARE}\b"),
    words(
        r"\b(?:he|she) (?:never |always )?(?:refused|missed|declined|came|was late|left|cancell?ed|asked for|demanded"
        r"|received|waited|paid|was seen|was treated)\b"
    ),
    words(
        r"\b(?:speedy|quick|full) recovery\b|\bget well\b|\b(?:feel|get) better soon\b"
        r"|\b(?:treat|inject|examine|serve|care for|take care of) you\b"
    ),
    words(rf"\bthe {FEW}{CARE} you (?:had|have|experienced|felt|received|got|were|endured)\b"),
    words(
        r"\b(?:when|while|since|after|before|the day|the time) you "
        r"(?!(?:can|like|want|wish|may|read|write|call|feel|have)\b)[\w’']{2,15}\b"
    ),
    words(
        r"\b(?:we|i|he|she|they|who|staff|team|doctor|nurse|Dr\.? \w{2,20}) "
        rf"(?:(?:have|has|had|did|also|always|never|personally|first|last|would have) ){{0,2}}?{TREATED} you\b"
    ),
    words(r"\b(?:treating|injecting|examining|helping|caring for|taking care of|serving|seeing) you\b"),
    words(
        r"\bas (?:we|he|she|i|they|was|you|the doctor|previously|already|dr\.? \w{2,20}) "
        r"(?:(?:had|have|were|was|may|already|previously|both|will|might) ){0,2}?"
        r"(?:discussed|explained|told|mentioned|agreed|talked|informed|advised|recall|remember|know|said)\b"
    ),
    words(r"\bas (?:discussed|explained|mentioned|agreed)\b|\bwe (?:discussed|talked about|went over|agreed)\b"),
    words(
        r"\b(?:glad|happy|pleased|delighted|thrilled|sorry|regret|hope) (?:to hear )?(?:that )?"
        r"(?:we (?:could|were able to) (?:not )?help|(?:the|this) (?:treatment|injections?|procedure|botox|medication"
        r"|visit|appointment|relief|results?|pain|spasms?)"
        r"|you (?:are feeling|are|were|got|had|have|felt|feel better|waited|did))\b"
    ),
    words(
        r"\b(?:the|this|that|those|these) (?:treatments?|injections?|procedure|medication|botox|dose|appointment|visit"
        r"|exam|shots?) (?:you|that you|did|didn['’]t|was|were|went|worked|helped|wore|lasted|has|had|have)\b"
    ),
    words(
        r"\bcuando (?:usted )?(?:vino|nos visitó|estuvo|llegó|fue|recibió|llamó|le \w{2,15})\b"
        r"|\bdespués de que (?:vino|recibió)\b"
    ),
    words(
        r"\b(?:usted|ud\.?) (?:no |nunca |ya )?(?:vino|recibió|fue|faltó|canceló|llegó|estuvo|tenía|tiene|padece|esperó"
        r"|pagó|rechazó|es|era|ha)\b"
    ),
    words(
        r"\b(?:como|ya) (?:le|te|lo|se) (?:le )?(?:dijimos|explicamos|comentamos|mencionamos|explicó|dijo|indicamos"
        r"|informamos)\b|\bcomo (?:hablamos|conversamos|platicamos|acordamos|comentamos|discutimos)\b"
    ),
    words(
        r"\b(?:atender|tratar|servir|ver)(?:l[oae]|te)\b|\b(?:le|te) (?:explicó|dijo|pusimos|pusieron|dieron)\b"
        r"|\b(?:le|lo|la|te|les) (?:atendimos|tratamos|vimos|inyectamos|recetamos|dimos|examinamos|aplicamos|atendió"
        r"|trató|cobramos|explicamos|diagnosticamos|llamamos|ayudamos)\b"
    ),
    words(
        r"\b(?:alegra|alegramos|sentimos|lamentamos|siento) (?:mucho )?que (?:se sienta|se sintió|esté|haya"
        r"|el tratamiento|las? inyecci\w{2,4}|esper\w{1,4}|tuv\w{1,4})\b"
    ),
)
"""Tells of the writer's care."""
DOSE = words(r"\b\d{1,5}(?:[.,]\d{1,2})? ?(?:units?|mg|mcg|ml|cc|iu|unidades|dosis|injections?|shots?|inyecciones)\b")
WHEN = (
    words(rf"\b{DATE}\b"),
    words(rf"\b{MONTHS}\.? \d{{1,4}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:de |of )?{MONTHS}\b"),
    words(
        rf"\b(?:last|past|previous|earlier this|this past) (?:{WEEKDAYS}|{SPAN}|{MONTHS})\b"
        rf"|\b(?:back|early|late) in {MONTHS}\b"
    ),
    words(rf"\b(?:el )?(?:{WEEKDAYS}|{SPAN}|{MONTHS}) pasad[oa]\b|\b(?:yesterday|ayer|that day|ese día)\b"),
    words(
        r"\b(?:an?|one|two|three|four|five|six|several|few|some|\d{1,3}) (?:days?|weeks?|months?|years?) "
        r"(?:ago|earlier|prior)\b|\bhace \w{1,10} (?:días?|semanas?|meses|años?)\b"
    ),
)
"""Can tell when somebody was there."""
GREETED = LazyPattern(
    r"\b(?i:dear|hi|hello|hey|hola|estimad[oa]|querid[oa]|thank you|thanks|gracias|sorry),? "
    r"(?P<name>[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ][\w'’-]{0,23})"
)

Candidates = Iterator[tuple[int, int, str, str]]
"""Start, end, kind, and a sentence where `SENTENCES` has none."""


def check_reply(text: str, provider_name: str, author: str | None = None) -> list[TextFinding]:
    """What keeps `text` from being published, in its order, each with a sentence that says what to take out and why.

    `author` is the name that stands at the review; a reply may not repeat it.
    """
    plain, places = one_spaced(text)
    details = [finding for finding in find_details(plain, provider_name) if finding.kind != "third_party_health"]
    candidates = [*_disclosures(plain), *_names(plain, author)]
    candidates += [(finding.start, finding.end, finding.kind, finding.sentence) for finding in details]
    found: list[TextFinding] = []
    end_of_last = 0
    for start, end, kind, sentence in sorted(candidates, key=lambda each: (each[0], -each[1])):
        if start >= end_of_last:
            excerpt = shortened(plain[start:end])
            told = SENTENCES[kind].format(excerpt) if kind in SENTENCES else sentence
            found.append(TextFinding(kind, excerpt, places[start], places[end - 1] + 1, told))
            end_of_last = end
    return found


def _disclosures(plain: str) -> Candidates:
    for kind, several in (
        ("care", CARE_TOLD),
        ("patient", PATIENT),
        ("dose", (DOSE,)),
        ("when", WHEN),
    ):
        for pattern in several:
            for match in pattern.finditer(plain):
                yield *match.span(), kind, ""


def _names(plain: str, author: str | None) -> Candidates:
    """People who are greeted, and the words of the writer's name."""
    for match in GREETED.finditer(plain):
        if is_a_name(match["name"]):
            yield *match.span(), "name", ""
    for word in re.findall(r"[^\W\d_]{3,60}", author or ""):
        if word[0].isupper() and is_a_name(word) and word not in TEMPLATE:
            for match in re.finditer(rf"\b{re.escape(word)}\b", plain):
                yield *match.span(), "name", ""
