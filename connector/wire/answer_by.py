"""When an answer is due, in words for a consumer: `3:30 pm today`, `10 am on Monday`, `heute 15:30 Uhr`."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

# Countries whose people read 3:30 pm.
_TWELVE_HOURS = ("US", "CA", "AU", "NZ", "IN", "PK", "PH", "MY", "PR")
_WEEK_DAYS = 6  # ahead: one more is the same day of the week again
# Of languages beside English: today, tomorrow, and another day. Only letters of the GSM alphabet.
_OTHERS = {
    "de": ("heute {t} Uhr", "morgen {t} Uhr", "{d}.{m}. {t} Uhr"),
    "es": ("hoy a las {t}", "mañana a las {t}", "{d}/{m} a las {t}"),
    "fr": ("aujourd'hui {t}", "demain {t}", "{d}/{m} {t}"),
    "it": ("oggi alle {t}", "domani alle {t}", "{d}/{m} alle {t}"),
    "nl": ("vandaag {t} uur", "morgen {t} uur", "{d}-{m} {t} uur"),
}
_UNKNOWN = ("{t}", "{y}-{m:02}-{d:02} {t}", "{y}-{m:02}-{d:02} {t}")


def answer_by(at: int | None, now: int, zone: tzinfo | None, region: str, language: str) -> str:
    """Empty where no answer is due, and where it was due before now. Never later than it is: the minute that has begun.

    `zone`: of the business, as its opening hours are told; None: this machine's. `region`: country of the line.
    `language`: of the text, as `de` or `de-AT`; empty: English.
    """
    if at is None or at <= now:
        return ""
    wall = datetime.fromtimestamp(at // 60_000 * 60, zone)
    if (wall.hour, wall.minute) == (0, 0):
        wall -= timedelta(minutes=1)  # midnight belongs to the day that it ends
    days = (wall.date() - datetime.fromtimestamp(now / 1000, zone).date()).days
    tongue = language.partition("-")[0].lower()
    if tongue in ("", "en"):
        return f"{_english_time(wall, region)} {_english_day(wall, days, region)}"
    today, tomorrow, other = _OTHERS.get(tongue, _UNKNOWN)
    form = today if days <= 0 else tomorrow if days == 1 else other
    time = f"{wall.hour}h{wall.minute:02}" if tongue == "fr" else f"{wall.hour}:{wall.minute:02}"
    return form.format(t=time, d=wall.day, m=wall.month, y=wall.year)


def _english_time(wall: datetime, region: str) -> str:
    if region not in _TWELVE_HOURS:
        return f"{wall.hour}:{wall.minute:02}"
    if (wall.hour, wall.minute) == (12, 0):
        return "noon"
    minutes = f":{wall.minute:02}" if wall.minute else ""
    return f"{(wall.hour - 1) % 12 + 1}{minutes} {'am' if wall.hour < 12 else 'pm'}"


def _english_day(wall: datetime, days: int, region: str) -> str:
    if days <= 1:
        return "today" if days <= 0 else "tomorrow"
    if days <= _WEEK_DAYS:
        return f"on {_DAYS[wall.weekday()]}"
    month = _MONTHS[wall.month - 1]
    return f"on {month} {wall.day}" if region in ("US", "CA", "PR", "PH") else f"on {wall.day} {month}"


# Those of `strftime` depend on the machine.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
