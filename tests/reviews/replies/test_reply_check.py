"""A reply that shows a patient or tells of care is refused with its words quoted; general words pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.replies import reply_check
from directory.reviews.replies.reply_check import MAX_REPLY_LENGTH, SENTENCES, TEMPLATE, check_reply
from tests.reviews.screening.test_personal_details import all_patterns, bounded

PROVIDER = "Ada Example, MD"

REFUSED = [
    # that somebody is, or is not, a patient
    ("Thank you for choosing us for your neck.", "patient", "Thank you for choosing"),
    ("Thanks so much for trusting our team!", "patient", "Thanks so much for trusting"),
    ("Thank you for your visit.", "patient", "Thank you for your visit"),
    ("Thank you for being a patient.", "patient", "Thank you for being"),
    ("You have been a patient for long.", "patient", "You have been a patient"),
    ("As one of our valued patients, please call.", "patient", "As one of our valued patients"),
    ("You are not a patient of this office.", "patient", "You are not a patient"),
    ("You were never our patient.", "patient", "You were never our patient"),
    ("This patient came late.", "patient", "This patient"),
    ("Our patient left angry.", "patient", "Our patient"),
    ("We have no record of this.", "patient", "no record of"),
    ("Our records show otherwise.", "patient", "Our records"),
    ("We look forward to seeing you again.", "patient", "seeing you again"),
    ("We hope to see you soon.", "patient", "see you soon"),
    ("Welcome back any time.", "patient", "Welcome back"),
    ("Gracias por elegirnos.", "patient", "Gracias por elegirnos"),
    ("Gracias por su visita.", "patient", "Gracias por su visita"),
    ("Nuestro paciente llegó tarde.", "patient", "Nuestro paciente"),
    ("Esperamos verle pronto.", "patient", "verle pronto"),
    # care
    ("We are sorry about your appointment.", "care", "your appointment"),
    ("Your treatment went as planned.", "care", "Your treatment"),
    ("Your last Botox injections were free.", "care", "Your last Botox injections"),
    ("your  \n injections", "care", "your injections"),
    ("We moved it when you came in.", "care", "when you came"),
    ("Your diagnosis was clear.", "care", "Your diagnosis"),
    ("As we discussed, this takes time.", "care", "As we discussed"),
    ("As the doctor explained, relief takes days.", "care", "As the doctor explained"),
    ("As you know, it takes days.", "care", "As you know"),
    ("We treated you with respect.", "care", "We treated you"),
    ("Dr. Example saw you on time.", "care", "Dr. Example saw you"),
    ("Our staff called you twice.", "care", "staff called you"),
    ("We gave you a full refund.", "care", "We gave you"),
    ("We take pride in caring for you.", "care", "caring for you"),
    ("You missed three times.", "care", "You missed"),
    ("You were late.", "care", "You were late"),
    ("You refused to pay.", "care", "You refused"),
    ("You had an infection.", "care", "You had an"),
    ("You told us it helped.", "care", "You told us"),
    ("We are glad you are feeling better.", "care", "glad you are feeling"),
    ("We are sorry that the injections hurt.", "care", "sorry that the injections"),
    ("The treatment you describe is usual.", "care", "The treatment you"),
    ("The procedure went well.", "care", "The procedure went"),
    ("Your insurance denied it.", "care", "Your insurance"),
    ("Your balance is open.", "care", "Your balance"),
    ("Thank you for sharing your experience.", "care", "your experience"),
    ("Your health comes first.", "care", "Your health"),
    ("Su cita fue cancelada.", "care", "Su cita"),
    ("Lamentamos que su tratamiento doliera.", "care", "su tratamiento"),
    ("Sus inyecciones se aplicaron bien.", "care", "Sus inyecciones"),
    ("Cuando vino a la oficina estaba llena.", "care", "Cuando vino"),
    ("Usted canceló dos veces.", "care", "Usted canceló"),
    ("Como le explicamos, tarda días.", "care", "Como le explicamos"),
    ("Como hablamos, tarda días.", "care", "Como hablamos"),
    ("Lo atendimos a tiempo.", "care", "Lo atendimos"),
    ("You never followed the plan.", "care", "You never"),
    ("The doctor spent 40 minutes with you.", "care", "minutes with you"),
    ("Your husband was rude to our staff.", "care", "Your husband"),
    ("It was nice meeting you.", "patient", "meeting you"),
    ("We hope the relief lasts.", "care", "hope the relief"),
    ("You didn’t pay.", "care", "You didn’t"),
    ("We are sorry about the long wait you had.", "care", "the long wait you had"),
    ("We wish you a speedy recovery.", "care", "speedy recovery"),
    ("You’ve never been to our clinic.", "care", "You’ve never been"),
    ("We cannot find you in our system.", "patient", "find you"),
    ("We have no patient by that name.", "patient", "no patient"),
    ("Nobody by that name was treated here.", "patient", "by that name"),
    ("It is a pleasure to treat you.", "care", "treat you"),
    ("She refused the injections.", "care", "She refused"),
    ("He was on time for his injections.", "care", "his injections"),
    ("Our notes from that day differ.", "patient", "Our notes from"),
    ("Fue un placer atenderle.", "care", "atenderle"),
    ("El doctor le explicó los riesgos.", "care", "le explicó"),
    ("No tenemos registro de usted.", "patient", "registro de usted"),
    # doses, dates, names
    ("It was 200 units, not less.", "dose", "200 units"),
    ("Fueron 200 unidades.", "dose", "200 unidades"),
    ("On 3/4/2026 we were closed.", "when", "3/4/2026"),
    ("March 3 was a busy day.", "when", "March 3"),
    ("El 3 de marzo fue difícil.", "when", "3 de marzo"),
    ("Last Tuesday was hard for all.", "when", "Last Tuesday"),
    ("Two weeks ago we moved.", "when", "Two weeks ago"),
    ("El lunes pasado cerramos.", "when", "El lunes pasado"),
    ("Dear Kelly, we read this.", "name", "Dear Kelly"),
    ("Hola Lucía, lo leímos.", "name", "Hola Lucía"),
    ("We read this, Robin.", "name", "Robin"),
    # personal details
    ("Call (310) 555-0100.", "phone", "(310) 555-0100"),
    ("Write to desk@example.org.", "email", "desk@example.org"),
    ("See https://example.org.", "link", "https://example.org"),
    ("Nurse Kelly is sorry.", "staff_name", "Nurse Kelly"),
]
ALLOWED = [
    TEMPLATE,
    "Thank you for taking the time to write.",
    "Thank you for your feedback.",
    "Thank you for your kind words.",
    "Thank you for your comments about care in general.",
    "We are sorry to read this.",
    "We take every concern seriously and look into it.",
    "We do not confirm whether anyone is a patient here.",
    "The law keeps us from discussing anybody’s care in public.",
    "All our patients get a written plan and can call us with questions.",
    "Botox for cervical dystonia takes up to two weeks to work, as its label says.",
    "We aim to see everybody within fifteen minutes.",
    "If you like, call our office and ask for the practice manager.",
    "When you call, ask for the practice manager.",
    "If you have any questions, our office is open Monday to Friday from 9 to 5.",
    "Our policy is to charge for appointments that are cancelled within 24 hours.",
    "Parking is free behind the building.",
    "We may have to close at times, and say so on our door.",
    "Dr. Example and the whole team thank you for writing.",
    "We have hired two more people for the front desk.",
    "We appreciate you taking the time to share your thoughts.",
    "We are sorry to hear this and would like to learn more.",
    "Please call our office so that we can talk about it privately.",
    "If you were unhappy with anything, please call us.",
    "We strive to give every patient the best care.",
    "Our office explains risks before every procedure.",
    "Relief from botulinum toxin differs from person to person.",
    "We have changed how we schedule appointments since this was written.",
    "We do our best to keep the wait short for everybody.",
    "Because of privacy law we cannot respond to specifics.",
    "Gracias por tomarse el tiempo de escribir.",
    "Como consultorio, explicamos los riesgos antes de cada procedimiento.",
    "Lamentamos leer esto y queremos mejorar.",
    "Gracias por su comentario.",
    "La ley no nos permite decir quién ha estado en nuestra consulta.",
    "Leemos todos los comentarios para mejorar.",
    "Quien quiera hablar con nosotros puede llamar a la oficina.",
    "Todos nuestros pacientes reciben un plan por escrito.",
    "",
]


def test_what_discloses_is_refused_with_its_words(subtests: pytest.Subtests) -> None:
    for text, kind, excerpt in REFUSED:
        with subtests.test(text=text):
            found = check_reply(text, PROVIDER, "Robin E.")
            assert (kind, excerpt) in [(finding.kind, finding.excerpt) for finding in found]
            assert all(finding.excerpt in finding.sentence for finding in found)


def test_general_words_pass(subtests: pytest.Subtests) -> None:
    for text in ALLOWED:
        with subtests.test(text=text):
            assert check_reply(text, PROVIDER, "A grateful Patient") == []


def test_the_template_passes_whoever_wrote_and_whoever_is_reviewed() -> None:
    assert len(TEMPLATE) < MAX_REPLY_LENGTH
    for name in ("Robin", "Anyone", "Patient", "", None):
        assert check_reply(TEMPLATE, "Torrance Neck Clinic", name) == []


def test_the_sentence_quotes_and_says_why() -> None:
    assert check_reply("Thanks. Your appointment is kept.", PROVIDER)[0].sentence == (
        "Remove “Your appointment”: a practice can’t discuss anyone’s care, even if the review does."
    )
    assert check_reply("You were never our patient.", PROVIDER)[0].sentence == (
        "Remove “You were never our patient”: it shows that the writer is, or is not, a patient. "
        "A practice can’t confirm either."
    )


def test_all_findings_come_in_the_order_of_the_text() -> None:
    found = check_reply("Dear Kelly, your injections on March 3 were 200 units.", PROVIDER)
    assert [finding.excerpt for finding in found] == ["Dear Kelly", "your injections", "March 3", "200 units"]


def test_every_repeat_is_bounded() -> None:
    assert len(all_patterns(reply_check)) > 30
    for pattern in all_patterns(reply_check):
        assert bounded(pattern), pattern.pattern


def test_a_hostile_text_is_answered(subtests: pytest.Subtests) -> None:
    for piece in ["your a ", "you ", "you have been ", "as we had ", "we have did ", "dear A", "1 ", " ", "March "]:
        with subtests.test(piece=piece):
            check_reply((piece * MAX_REPLY_LENGTH)[: 4 * MAX_REPLY_LENGTH], PROVIDER, piece)


WORDS = " ".join(text for text, _, _ in REFUSED).split()


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=60).map(" ".join), st.text(max_size=20))
def test_findings_lie_in_the_text(text: str, author: str) -> None:
    for finding in check_reply(text, PROVIDER, author):
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.sentence
    assert SENTENCES.keys() >= {"patient", "care", "dose", "when", "name"}
