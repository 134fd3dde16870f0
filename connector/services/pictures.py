"""Pictures: those that came in are fetched as work that is tried again; those handed over wait for their reply."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from connector.domain.media import Media, MediaState, Upload
from connector.domain.message import Message
from connector.domain.refusals import Refused
from connector.pictures.values import FetchFailed
from connector.services import views
from connector.services.settings import LineSettings
from connector.store.ports import Reading, Transaction
from connector.store.values import Work
from connector.wire import answers, events
from connector.wire.refusals import RefusalCode

FETCH = "fetch"
LEASE_S = 120
# A provider keeps pictures for long; its trouble may last an hour.
_BACKOFF_S = (5, 30, 120, 600, 3600)
_SERVED_FOR_MS = 24 * 3_600_000
_FETCHED_WITHIN_MS = 6 * 3_600_000  # a reply may wait for its turn that long, and for the provider's


class StoredPicture(Struct, frozen=True):
    """The bytes are in our files."""

    digest: str
    size: int
    content_type: str


def fetch_work(work_id: str, message: Message, now: int) -> Work:
    return Work(
        id=work_id,
        kind=FETCH,
        subject=message.id,
        account=message.account,
        lane=f"fetch {message.id}",
        ordinal=message.id,
        due_at=now,
    )


def claim(node: str, tx: Transaction, limit: int, now: int) -> list[tuple[Work, Message]]:
    """Messages whose pictures are due to be fetched."""
    claimed = []
    for work in tx.work.claim(FETCH, node, now, limit, now + LEASE_S * 1000):
        message = tx.messages.get(work.subject)
        if message is None:
            tx.work.done(work.id)
        else:
            claimed.append((work, message))
    return claimed


def record(tx: Transaction, work: Work, fetched: dict[int, StoredPicture | FetchFailed], now: int) -> None:
    """Write down what became of each picture, by its place in the message."""
    message = tx.messages.get(work.subject)
    if message is None:
        tx.work.done(work.id)
        return
    gives_up = work.tries > len(_BACKOFF_S)
    media = list(message.media)
    for index, result in fetched.items():
        if media[index].state is MediaState.WAITING:  # else somebody with an older lease was faster
            media[index] = _after(media[index], result, gives_up=gives_up)
    moved = replace(message, media=tuple(media))
    tx.messages.update(moved)
    for index in fetched:
        if media[index].state is not MediaState.WAITING:
            event = events.PictureMoved(message.conversation_id, message.id, views.picture_view(moved, index))
            tx.facts.append([views.fact(event, now, message.conversation_id)])
    if any(one.state is MediaState.WAITING for one in media):
        tx.work.reschedule(work.id, now + _BACKOFF_S[work.tries - 1] * 1000)
    else:
        tx.work.done(work.id)


def _after(media: Media, result: StoredPicture | FetchFailed, *, gives_up: bool) -> Media:
    if isinstance(result, StoredPicture):
        return replace(
            media,
            state=MediaState.STORED,
            size=result.size,
            digest=result.digest,
            content_type=result.content_type,
            words=None,
        )
    state = MediaState.FAILED if result.is_final or gives_up else MediaState.WAITING
    return replace(media, state=state, words=result.words)


def kept_media(reading: Reading, picture_id: str) -> Media:
    """The picture with this id, kept. Raises Refused."""
    message_id, _, place = picture_id.rpartition(".")
    message = reading.message(message_id)
    if message is None or not place.isdecimal() or int(place) >= len(message.media):
        raise Refused(RefusalCode.UNKNOWN_PICTURE, "There is no such picture.")
    media = message.media[int(place)]
    if media.digest is None:
        raise Refused(RefusalCode.UNKNOWN_PICTURE, media.words or "The picture is still being fetched.")
    return media


def left_over(reading: Reading, kept: list[str], now: int) -> list[str]:
    """Which of these digests nothing refers to: expired uploads, or files whose message was never committed."""
    in_use = reading.pictures_in_use(now)
    return [digest for digest in kept if digest not in in_use]


def hand_over(
    tx: Transaction, upload_id: str, token: str, agent: str, kept: StoredPicture, now: int
) -> answers.PictureStored:
    """Keep a picture of an agent's for a reply."""
    tx.uploads.add(
        Upload(
            id=upload_id,
            at=now,
            agent=agent,
            token=token,
            digest=kept.digest,
            content_type=kept.content_type,
            size=kept.size,
            expires_at=now + _SERVED_FOR_MS,
        )
    )
    return answers.PictureStored(upload_id, kept.content_type)


def chosen(tx: Transaction, pictures: list[str], line: LineSettings, now: int) -> tuple[Media, ...]:
    """What a reply names as pictures, as the provider will fetch it. Raises Refused."""
    if len(pictures) > line.most_pictures:
        some = f"At most {line.most_pictures} pictures can be sent at once."
        words = some if line.most_pictures else f"Pictures cannot be sent from {line.address}."
        raise Refused(RefusalCode.TOO_MANY_PICTURES, words, limit=line.most_pictures)
    found = []
    for picture in pictures:
        if picture.startswith("https://"):
            found.append(Media(picture, "", MediaState.STORED))
            continue
        upload = tx.uploads.get(picture)
        if upload is None or upload.expires_at <= now + _FETCHED_WITHIN_MS:
            raise Refused(RefusalCode.UNKNOWN_PICTURE, "The picture is gone; hand it over once more.")
        url = f"{line.public_url.rstrip('/')}/pictures/{upload.token}"
        found.append(Media(url, upload.content_type, MediaState.STORED, upload.size, upload.digest))
    return tuple(found)
