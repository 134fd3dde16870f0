"""Meanings of Twilio's error codes for a message, in words for an agent.

All codes of Twilio's dictionary (https://www.twilio.com/docs/api/errors, also twilio-error-codes.json there) that a
call, a status callback or a message resource can show about a message, its sender, its recipient or our account. The
meaning is Twilio's, the words are ours: Twilio's texts may change at any time.
"""

from __future__ import annotations

from connector.providers.send_outcomes import Advice, ErrorMeaning

_ADMIN, _ASK, _CHECK = Advice.ADMIN, Advice.ASK, Advice.CHECK
_FIX, _LATER, _NEVER = Advice.FIX, Advice.LATER, Advice.NEVER


def _meant(words: str, advice: Advice, *codes: int, after: str = "") -> dict[str, ErrorMeaning]:
    return dict.fromkeys(map(str, codes), ErrorMeaning(words, advice, after))


_ACCOUNT = {
    **_meant("Our Twilio account is suspended, closed or not active", _ADMIN, 10001, 20005, 90010),
    **_meant("Our Twilio account is on trial, which does not allow this", _ADMIN, 10002),
    **_meant("Twilio refused the sign-in: wrong SID, token or key, or the account is suspended", _ADMIN, 20003),
    **_meant("Twilio does not allow our account to do this", _ADMIN, 20004, 20006, 20008, 20010, 20403, 20410),
    **_meant("Twilio did not understand our request", _ADMIN, 20001, 20413, 20422, 20423, 20426, 30400, 90001, 90011),
    **_meant("Twilio does not know this account or message", _ADMIN, 20404, 30112, 30404),
    **_meant("Twilio had too many requests at once; nothing was sent", _LATER, 20429, after="in some seconds"),
    **_meant("Twilio has trouble of its own", _CHECK, 20409, 20500, 20503, 20504, 30500),
    **_meant("Our account's daily limit of messages is used up", _LATER, 63038, after="after 24 hours"),
    **_meant("Our trial account's limit of messages is used up", _ADMIN, 30454),
    **_meant("The text has more segments than a trial account may send", _FIX, 30044),
}

# Of Twilio's log: trouble between Twilio and our webhook.
_WEBHOOK = {
    **_meant("Twilio did not get an answer from our webhook in time", _ADMIN, 11200, 11201, 11202, 11203, 11205),
    **_meant("Our webhook answered with an error or a redirect", _ADMIN, 11206, 11215, 11216, 11217, 11251),
    **_meant(
        "Twilio could not connect to our webhook: host name, TLS or certificate trouble",
        _ADMIN,
        *(11210, 11220, 11235, 11236, 11237),
    ),
    **_meant("The connection overrides in our webhook's address are wrong", _ADMIN, 11240, 11241, 11242, 11243, 21626),
    **_meant(
        "Our webhook's answer was not TwiML, or had the wrong content type",
        _ADMIN,
        *(11750, 12100, 12101, 12102, 12200, 12300, 12301, 14106, 14109, 14110),
    ),
    **_meant("Twilio does not accept our status callback address", _ADMIN, 14105, 21609, 30109, 30123),
}

_RECIPIENT = {
    **_meant(
        "The recipient is not a phone number, or is one of our own", _FIX, 14101, 21211, 21214, 21217, 30014, 63031
    ),
    **_meant("The recipient cannot be reached on this channel", _NEVER, 63003, 63024, 63036, 63106, 63107),
    **_meant("Our account may not text that country", _ADMIN, 21408),
    **_meant("Our account is on trial and this number is not verified yet", _ADMIN, 14111, 21219, 21608),
    **_meant("The consumer has opted out (texted STOP) and must text START first", _NEVER, 21610, 30630),
    **_meant("The consumer has blocked messages from us", _NEVER, 63014, 63033),
    **_meant("This number cannot be reached from ours", _NEVER, 21612),
    **_meant("This is not a mobile number, perhaps a landline", _NEVER, 21614, 21635),
    **_meant("The phone is off, out of reach or cannot take texts", _LATER, 30003, after="in an hour"),
    **_meant("Blocked: the consumer refuses texts, or is on a do-not-disturb list", _NEVER, 30004),
    **_meant("The number is unknown or no longer in use", _NEVER, 30005),
    **_meant("The number is a landline, or its carrier cannot be reached", _NEVER, 30006),
    **_meant("The consumer's phone or region takes no pictures", _FIX, 30011),
    **_meant("Blocked: the number belongs to a known litigator", _NEVER, 30640),
    **_meant("The consumer has not joined the sandbox or the test of our sender", _ADMIN, 63015, 63035, 63108),
    **_meant("WhatsApp leaves this consumer out, as part of an experiment", _NEVER, 63032),
}

_SENDER = {
    **_meant(
        "Our number cannot text this destination", _ADMIN, 14102, 14108, 21210, 21212, 21601, 21606, 21607, 21659, 21661
    ),
    **_meant("Our number belongs to another account, or to several", _ADMIN, 21616, 21660),
    **_meant("Our number or account cannot send pictures", _ADMIN, 21621, 21622),
    **_meant("Our sender's name is not allowed there", _ADMIN, 21657, 21708, 21709, 30042),
    **_meant(
        "The Messaging Service is missing, wrong or has no number that can send",
        _ADMIN,
        *(21701, 21702, 21703, 21704, 21705, 21711, 21712, 21715, 30021, 30124, 30127),
    ),
    **_meant("Sender and recipient are not of the same channel", _ADMIN, 21910, 30015, 30016, 63105),
    **_meant("The destination's carriers want our sender registered first", _ADMIN, 30018, 30024, 30040, 30041),
    **_meant("Our toll-free number is not verified", _ADMIN, 30032),
    **_meant("Our US 10DLC campaign is suspended", _ADMIN, 21729, 21731, 30033, 30990),
    **_meant("Our number is not registered for US 10DLC", _ADMIN, 30034, 30125, 30126),
    **_meant("Our number's US 10DLC registration is not finished", _ADMIN, 30035, 30905),
    **_meant("Twilio has switched off sending for our account", _ADMIN, 30037),
    **_meant("International texts cannot go by this domestic sender", _ADMIN, 30043),
    **_meant("Twilio does not know our sender on this channel", _ADMIN, 63002, 63007, 63109, 63111),
    **_meant(
        "Our sender on this channel is not set up right, or is locked",
        _ADMIN,
        *(63001, 63008, 63020, 63022, 63051, 63100, 63101, 63102, 63103, 63112),
    ),
    **_meant("Our India registration (DLT) does not fit the message", _ADMIN, 21900, 21901),
}

# Replies to registrations at Twilio; they stand with a message only where one was sent all the same.
_REGISTRATION = {
    **_meant(
        "Twilio refused the verification of our toll-free number",
        _ADMIN,
        *(30437, *range(30440, 30450), 30451, 30452, *range(30455, 30481)),
    ),
    **_meant(
        "Our US 10DLC brand is not registered",
        _ADMIN,
        *(21717, 21724, 21725, 21726, 21736, 30701, 30702, 30703, 30712, 30729, 30734, *range(30747, 30759)),
        *range(30790, 30800),
    ),
    **_meant(
        "Our US 10DLC campaign is not registered",
        _ADMIN,
        *(21713, 21719, 21720, 21721, 21722, 21723, 21727, 21728, 21730, 21732, 21733, 21737),
        *(*range(30880, 30905), *range(30906, 30910), *range(30991, 30995)),
    ),
}

_CONTENT = {
    **_meant("The message has no text", _FIX, 14103, 21602),
    **_meant("The message has no sender", _FIX, 21603),
    **_meant("The message has no recipient", _FIX, 21604),
    **_meant("The text is longer than 1,600 characters", _FIX, 21605, 21617, 90004),
    **_meant("Twilio could not take the message as it is", _FIX, 21618, 21619, 21652, 21653, 21658, 90006, 90009),
    **_meant("The link to the picture or file is not valid", _FIX, 21620),
    **_meant("The message has too many pictures or files", _FIX, 21623),
    **_meant("The picture or file could not be fetched", _FIX, 63019, 63021, 63037, 63043, 63044, 63045, 63047),
    **_meant("The picture or file is too large", _FIX, 11751, 63034),
    **_meant("The picture or file was uploaded before", _FIX, 63025),
    **_meant("The validity period or the maximum price is not valid", _ADMIN, 21624, 21627, 30012, 30013, 30031),
    **_meant("A setting of our messages at Twilio is not valid", _ADMIN, 21902, 30028, 30029, 30030, 90007, 90014),
    **_meant("Filtered as unwanted by Twilio or the carrier; use other words and no links", _FIX, 30007),
    **_meant("The channel counts our messages as unwanted", _ADMIN, 63013, 63026, 63039),
    **_meant("The content is too large for the carrier", _FIX, 30019),
    **_meant("The channel did not take the content", _FIX, 63005, 63006, 63030),
    **_meant(
        "More than 24 hours have passed since the consumer wrote, and then this channel takes templates only",
        _LATER,
        63016,
        after="once the consumer has written again",
    ),
    **_meant("Meta did not deliver this marketing message", _LATER, 63049, after="after some days"),
    **_meant(
        "The template is missing, wrong, paused or switched off",
        _ADMIN,
        *(21654, 21655, 21656, 63027, 63028, 63029, 63040, 63041, 63042, 63052),
        *(92001, 92002, 92003, 92004, 92005, 92006, 92007, 92008, 92009),
    ),
    **_meant("Links in the message could not be shortened", _ADMIN, *range(30100, 30104), *range(30106, 30109)),
    **_meant(
        "The set-up of short links is not finished",
        _ADMIN,
        *(30113, 30114, 30115, *range(30116, 30123), *range(30128, 30137)),
    ),
    **_meant("The consumer tapped a short link that leads nowhere", _ADMIN, 30104, 30105),
    **_meant("A link in the message is on a list of forbidden ones", _FIX, 30110, 30111),
    **_meant("Scheduling the message failed", _ADMIN, 30020, 35111, 35114, 35115, 35117, 35118, 35125, 35126, 35127),
    **_meant("The message cannot be cancelled any more", Advice.WAIT, 30409),
}

_DELIVERY = {
    **_meant("Too many texts to this consumer in a short time", _LATER, 14107, after="in a minute"),
    **_meant("Our number's queue at Twilio is full (10 hours of messages)", _LATER, 21611, after="in some hours"),
    **_meant("Our queue at Twilio is full", _LATER, 30001),
    **_meant("Our account was suspended while the message waited", _ADMIN, 30002),
    **_meant("The carrier had unknown trouble", _LATER, 30008, after="once"),
    **_meant("Part of the consumer's long message never arrived", _ASK, 30009),
    **_meant("The price is above the maximum given with the message", _ADMIN, 30010),
    **_meant("The carrier is congested", _LATER, 30017),
    **_meant("Too many texts at once for US carriers, or to this one phone", _LATER, 30022, after="in some minutes"),
    **_meant(
        "Our registration's daily limit for US carriers is used up",
        _LATER,
        *(30023, 30027),
        after="after 00:00 US Pacific time",
    ),
    **_meant("A part of our daily limit at T-Mobile is used up", Advice.WAIT, 30025, 30026),
    **_meant("The message waited longer than its validity period", _LATER, 30036),
    **_meant("Twilio removed a one-time code from the consumer's message", _NEVER, 30038),
    **_meant("Twilio took the message for one of a machine that answers machines", _ASK, 30039),
    **_meant("A provider behind Twilio timed out, and Twilio does not retry to avoid doubles", _LATER, 30410),
    **_meant("Blocked for a while, suspected of SMS pumping", _LATER, 30450, after="in 30 minutes"),
    **_meant("Blocked for a while: Twilio suspects fraud at this number", _LATER, 30453, 30485, after="in hours"),
    **_meant("Held back by quiet hours", _LATER, 30610, 30615, after="after the quiet hours"),
    **_meant("The message does not fit what our sender is registered for", _FIX, 30620),
    **_meant("Twilio could not store the consumer's consent", _ADMIN, 30646, 30647),
    **_meant("The channel had trouble", _LATER, 63009, 63010, 63011, 63012, 63023),
    **_meant("Too many texts at once for our account or this channel", _LATER, 63017, 63018, after="in some minutes"),
}

MEANINGS = {
    **_ACCOUNT,
    **_WEBHOOK,
    **_RECIPIENT,
    **_SENDER,
    **_REGISTRATION,
    **_CONTENT,
    **_DELIVERY,
}
