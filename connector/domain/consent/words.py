"""Keywords that opt out and in, by language. A whole text that is one of these counts, whatever its case and accents.

Sources: CFR: 47 CFR 64.1200(a)(10). Twilio: "Advanced Opt-Out", "Opt-out keywords" and Proxy. AWS: "Required opt-out
keywords". Adobe: Journey Optimizer. Bird: "Opt-in and opt-out compliance". CWTA: Canadian short codes. Tencent: SMS
382/35474. Spoke Rewired: "Automatic opt-out keywords". Where the source is `unverified`, the words come from general
knowledge of the language and want the eye of a native speaker; as the cost of a miss is a text to somebody who has
opted out, they count all the same, unless they are ordinary answers.

An opt-in lifts an opt-out, so that only words with a source are among them.
"""

from __future__ import annotations

from msgspec import Struct


class Keywords(Struct, frozen=True):
    """Words of one language. With `countries`, they count on lines of those only: elsewhere they are answers."""

    language: str
    source: str
    out: tuple[str, ...]
    into: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # as in ISO 3166


KEYWORDS = (
    Keywords(
        "English", "CFR, Twilio, AWS", into=("START", "UNSTOP"),
        out=("STOP", "STOPALL", "STOP ALL", "QUIT", "END", "REVOKE", "OPT OUT", "OPTOUT", "CANCEL", "UNSUBSCRIBE",
             "REMOVE", "TD"),
    ),
    Keywords("English", "Spoke Rewired", ("STOP2QUIT", "STOP 2 QUIT", "STOP TO QUIT", "STOPTOQUIT", "STOP QUIT")),
    Keywords("English", "Brevo, Adobe", ("UNSUB",), ("SUBSCRIBE",)),
    Keywords("French", "CWTA, Twilio, Bird", ("ARRÊT", "ARRÊTE", "ARRETT"), ("NONARRÊT",)),
    Keywords("French", "public code", ("DÉSABONNEMENT", "DÉSABONNER")),
    Keywords("French", "unverified", ("STOPPER", "DÉSINSCRIPTION", "DÉSINSCRIRE", "STOP SMS", "STOP PUB")),
    Keywords("Spanish", "Bird", ("DETENER",)),
    Keywords("Spanish", "unverified", ("BAJA", "DARME DE BAJA", "DAR DE BAJA", "PARAR", "CANCELAR")),
    Keywords("Spanish", "unverified", ("ALTO",),
             countries=("AR", "BO", "CL", "CO", "CR", "DO", "EC", "ES", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "PY",
                        "SV", "US", "UY", "VE")),
    Keywords("German", "Bird", ("HALT",)),
    Keywords("German", "unverified", ("STOPP", "ABMELDEN", "ABBESTELLEN")),
    Keywords("Italian", "Bird", ("FERMA",)),
    Keywords("Italian", "unverified", ("CANCELLA", "CANCELLAMI", "DISISCRIVI", "DISISCRIVIMI")),
    Keywords("Italian", "unverified", ("BASTA",), countries=("IT", "SM", "VA")),
    Keywords("Portuguese", "Bird, sent.dm", ("PARAR", "PARE", "SAIR")),
    Keywords("Portuguese", "unverified", ("DESCADASTRAR", "CANCELAR")),
    Keywords("Dutch", "unverified", ("AFMELDEN", "STOPPEN", "UITSCHRIJVEN")),
    Keywords("Dutch", "unverified", ("UIT",), countries=("BE", "NL")),
    Keywords("Swedish", "msgcloud", ("STOPP",)),
    Keywords("Swedish", "unverified", ("AVSLUTA", "AVREGISTRERA")),
    Keywords("Norwegian", "unverified", ("AVSLUTT", "AVMELD")),
    Keywords("Danish", "unverified", ("AFMELD", "FRAMELD")),
    Keywords("Finnish", "unverified", ("LOPETA",)),
    Keywords("Finnish", "unverified", ("PERU",), countries=("FI",)),
    Keywords("Polish", "Bird", ("ZATRZYMAJ",)),
    Keywords("Polish", "unverified", ("REZYGNUJĘ", "WYPISZ", "WYPISZ MNIE")),
    Keywords("Czech", "unverified", ("ODHLÁSIT", "ZRUŠIT")),
    Keywords("Russian", "Bird", ("ОСТАНОВИТЬ",)),
    Keywords("Russian", "unverified", ("СТОП", "ОТПИСАТЬСЯ", "ОТПИСКА")),
    Keywords("Greek", "unverified", ("ΣΤΟΠ", "ΔΙΑΓΡΑΦΗ")),
    Keywords("Turkish", "sent.dm", ("İPTAL",)),
    Keywords("Turkish", "sent.dm", ("DUR", "RET"), countries=("TR",)),
    Keywords("Arabic", "unverified", ("إيقاف", "توقف", "إلغاء", "إلغاء الاشتراك", "ستوب")),
    Keywords("Hebrew", "public code", ("הסר", "הסרה")),
    Keywords("Hindi", "unverified", ("बंद", "रोकें", "बंद करो")),
    Keywords("Chinese", "Tencent, public code", ("退订", "回T退订")),
    Keywords("Chinese", "Tencent", ("T", "N"), countries=("CN",)),
    Keywords("Chinese", "unverified", ("取消", "停止", "取消订阅", "拒收", "退訂")),
    Keywords("Japanese", "unverified", ("停止", "配信停止", "解除")),
    Keywords("Korean", "unverified", ("수신거부", "중지")),
    Keywords("Indonesian", "unverified", ("BERHENTI", "UNREG")),
    Keywords("Thai", "unverified", ("หยุด", "ยกเลิก")),
    Keywords("Vietnamese", "unverified", ("TC",), countries=("VN",)),
    Keywords("English", "Clickatell, UAE", ("N",), countries=("AE",)),
    Keywords("English", "enudge, New Zealand", ("REM",), countries=("NZ",)),
)  # fmt: skip
