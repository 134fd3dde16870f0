"""Pictures: those of inbound texts are fetched, with retries; those an agent uploads wait for their reply."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from connector.base.counted import count
from connector.domain.media import Media, MediaState, Upload
from connector.domain.message import Message
from connector.domain.refusals import Refused
from connector.pictures.values import FetchFailed, Patience
from connector.services import save, views, work
from connector.services.query import Query
from connector.services.refusals import unknown_picture
from connector.services.settings import LineSettings
from connector.services.unit_of_work import UnitOfWork
from connector.store.ports import Reading
from connector.store.values import Work
from connector.wire import answers, events, requests
from connector.wire.refusals import RefusalCode

# Between the tries for a picture, the last pause again and again: most that are late are there within seconds.
FETCH_BACKOFF_S = (1, 3, 10, 30, 60, 120, 300, 600, 1800)
# From storing the message to giving up. A provider stores pictures for long, and its trouble may last an hour.
_PATIENCE_S = {Patience.NONE: 0, Patience.MINUTES: 600, Patience.HOURS: 7200}
_FEWEST_TRIES = 5  # also when a clock that was set forward says that the time is over
SERVED_FOR_MS = 24 * 3_600_000
_FETCHED_WITHIN_MS = 6 * 3_600_000  # a reply may wait for its turn that long, and for the provider's


class StoredPicture(Struct, frozen=True):
    """A picture whose bytes are stored."""

    digest: str
    size: int
    content_type: str


def claim(uow: UnitOfWork, node: str, limit: int, without: Collection[str] = ()) -> list[tuple[Work, Message]]:
    """Claim the messages whose pictures are due to be fetched."""
    claimed = []
    for job in work.claim(uow, work.FETCH, node, limit, without):
        message = uow.tx.messages.get(job.subject)
        if message is None:
            uow.tx.work.done(job.id)
        else:
            claimed.append((job, message))
    return claimed


def record(uow: UnitOfWork, job: Work, fetched: dict[int, StoredPicture | FetchFailed]) -> None:
    """Record how the fetch of each picture ended, by its index in the message, and try again where that may help."""
    message = uow.tx.messages.get(job.subject)
    if message is None:
        uow.tx.work.done(job.id)
        return
    tries = job.tries + 1
    media = list(message.media)
    for index, result in fetched.items():
        if media[index].state is MediaState.WAITING:  # else a worker with an older lease was faster
            media[index] = _after(media[index], result, uow.now - message.status_at, tries)
    moved = replace(message, media=tuple(media))
    uow.tx.messages.update(moved)
    for index in fetched:
        if media[index] != message.media[index]:
            event = events.PictureMoved(message.conversation_id, message.id, views.picture_view(moved, index))
            save.fact(uow, event, message.conversation_id)
    if any(one.state is MediaState.WAITING for one in media):
        pause_s = FETCH_BACKOFF_S[min(tries, len(FETCH_BACKOFF_S)) - 1]
        uow.tx.work.reschedule(job.id, uow.now + pause_s * 1000, is_try=True)
    else:
        uow.tx.work.done(job.id)


def _after(media: Media, result: StoredPicture | FetchFailed, age_ms: int, tries: int) -> Media:
    if isinstance(result, StoredPicture):
        return replace(
            media,
            state=MediaState.STORED,
            size=result.size,
            digest=result.digest,
            content_type=result.content_type,
            words=None,
        )
    if result.patience is not Patience.NONE:
        if tries < _FEWEST_TRIES or age_ms < _PATIENCE_S[result.patience] * 1000:
            return replace(media, words=f"{result.words} It is tried again.")
        result = replace(result, words=f"{result.words} It was tried {tries} times.")
    return replace(media, state=MediaState.FAILED, words=f"{result.words} {result.advice}".rstrip())


def stored_media(query: Query, question: requests.GetPicture) -> Media:
    """The picture with this id, whose bytes are stored. Raises Refused."""
    message_id, _, index = question.picture_id.rpartition(".")
    message = query.reading.message(message_id)
    if message is None or not index.isdecimal() or int(index) >= len(message.media):
        raise unknown_picture()
    media = message.media[int(index)]
    if media.digest is None:
        raise Refused(RefusalCode.UNKNOWN_PICTURE, media.words or "The picture is still being fetched.")
    query.read_past(query.conversation(message.conversation_id), [message])
    return media


def unused(reading: Reading, digests: list[str], now: int) -> list[str]:
    """Which of these nothing refers to: those of expired uploads, or of messages that were never committed."""
    in_use = reading.pictures_in_use(now)
    return [digest for digest in digests if digest not in in_use]


def upload(uow: UnitOfWork, agent: str, picture: StoredPicture) -> answers.PictureStored:
    """Have a picture of this agent's served to the provider for a day, so that a reply can name it."""
    entry = _serve(uow, agent, picture)
    return answers.PictureStored(entry.id, entry.content_type)


def _serve(uow: UnitOfWork, agent: str, picture: StoredPicture) -> Upload:
    entry = Upload(
        id=uow.brand.ids.new(),
        at=uow.now,
        agent=agent,
        token=uow.brand.ids.secret(),
        digest=picture.digest,
        content_type=picture.content_type,
        size=picture.size,
        expires_at=uow.now + SERVED_FOR_MS,
    )
    uow.tx.uploads.add(entry)
    return entry


def of_reply(uow: UnitOfWork, agent: str, names: list[str], line: LineSettings) -> tuple[Media, ...]:
    """The pictures a reply names, by address or an upload of its author, as the provider will fetch them. Raises
    Refused."""
    _require_few(len(names), line)
    found = []
    for name in names:
        if name.startswith("https://"):
            found.append(Media(name, "", MediaState.STORED))
            continue
        uploaded = uow.tx.uploads.get(name)
        if uploaded is None or uploaded.agent != agent or uploaded.expires_at <= uow.now + _FETCHED_WITHIN_MS:
            raise Refused(RefusalCode.UNKNOWN_PICTURE, "The picture is no longer stored; upload it again.")
        found.append(_served(uploaded, line))
    return tuple(found)


def of_resent(uow: UnitOfWork, agent: str, message: Message, line: LineSettings) -> tuple[Media, ...]:
    """The pictures of a reply that is sent again. Those that we serve are served for another day, at new addresses:
    their bytes are stored for as long as a message has them. Raises Refused."""
    _require_few(len(message.media), line)
    return tuple(
        media
        if media.digest is None
        else _served(_serve(uow, agent, StoredPicture(media.digest, media.size or 0, media.content_type)), line)
        for media in message.media
    )


def _require_few(number: int, line: LineSettings) -> None:
    if number > line.most_pictures:
        some = f"At most {count(line.most_pictures, 'picture')} can be sent at once."
        words = some if line.most_pictures else f"Pictures cannot be sent from {line.address}."
        raise Refused(RefusalCode.TOO_MANY_PICTURES, words, limit=line.most_pictures)


def _served(uploaded: Upload, line: LineSettings) -> Media:
    url = f"{line.public_url.rstrip('/')}/pictures/{uploaded.token}"
    return Media(url, uploaded.content_type, MediaState.STORED, uploaded.size, uploaded.digest)
