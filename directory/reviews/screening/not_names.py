"""Capitalized words beside a title or a role that are no names: how sentences begin, days, medicines, places."""

from directory.providers.names import words

NOT_NAMES = words(
    "a an and any are as at be been both but by did do does each even every everybody everyone first for from "
    "gave get good got great had has have he her here hers hi him his how however i if in instead is it its just "
    "last later let like made me meanwhile most my never next no nobody none not now of ok okay on once one only "
    "or our overall perhaps maybe she so some someone somebody sometimes soon still such than that the their them "
    "then there these they this those though to today told too two unless unlike until very was we went were what "
    "when where whether which while who whoever whole why will with without would yes yesterday you your also "
    "although always after afterward afterwards again another anyway all because before besides between despite "
    "during since under over well ask asked call called check come dear feel felt give hello kudos kept look love "
    "loved met need near nothing tried try think please props saw see seeing seen send show sit speak spoke talk "
    "talked tell thank thanked thanks wait waited waiting walk walked want watch el la los las un una uno y o "
    "pero con sin de del al en es era fue mi su sus muy que se si sí ella él ellos yo tu usted cuando porque como "
    "siempre nunca gracias también además hasta desde entre luego después antes aunque solo todo todos toda todas "
    "este esta ese esa monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december lunes martes miércoles jueves viernes sábado domingo "
    "christmas thanksgiving botox dysport xeomin myobloc daxxify medicare medicaid medi-cal emg ultrasound mri "
    "covid dystonia parkinson yelp google facebook instagram torrance california redondo lomita carson american "
    "spanish english español inglés god jesus america practitioner practitioners assistant assistants nurse "
    "nurses doctor doctors dr receptionist staff office desk front manager managers team reception billing clinic "
    "hospital center centre department medical neurology neurologist rude nice kind kindly friendly lovely "
    "awesome excellent amazing wonderful terrible horrible best worst pleasant helpful people folks ladies girls "
    "guys women men lady woman man person patient patients parking service services smile smiles attitude chaos "
    "experience communication question questions problem problems trouble mistake mistakes visit visits "
    "appointment appointments insurance paperwork phone phones music coffee water children kids hours time times"
)
LY_NAMES = words(
    "ally beverly billy carly daly elly emily holly kelly kimberly lily molly nelly polly sally shelly willy"
)
"""Names that end as adverbs do; other words in -ly are none."""


def is_a_name(word: str) -> bool:
    """Whether a capitalized word can be taken for a person's name."""
    plain = word.casefold().removesuffix("'s").removesuffix("’s").rstrip("'’-")
    if plain in NOT_NAMES or not plain[:1].isalpha() or len(plain) < 2:
        return False
    return plain in LY_NAMES or not plain.endswith("ly")
