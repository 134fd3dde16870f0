"""Media: consumers' pictures, which the core fetches from Twilio, and those of replies, which Twilio fetches.

Facts: https://www.twilio.com/docs/messaging/api/media-resource
"""

from __future__ import annotations

from aiohttp import web

from connector.lab.vendors.context import VendorContext
from connector.lab.vendors.hook_client import HookClient
from connector.lab.vendors.phonebook import MediaFetch, VendorMessage
from connector.lab.vendors.sample_picture import picture
from connector.lab.vendors.twilio.authentication import ACCOUNT_PATH, ApiAccess
from connector.lab.vendors.twilio.forms import API_VERSION, ApiError, media_sids, rfc2822
from connector.lab.vendors.twilio.pages import single_page

_STORAGE = "/storage"
_LIMIT = 5 * 1024 * 1024  # of all files of one message
_RETRIEVAL_FAILED, _WRONG_TYPE, _TOO_LARGE = 11200, 12300, 11751
_TAKEN_TYPES = ("image/", "video/", "audio/", "text/", "application/pdf")


class TwilioMedia:
    def __init__(self, context: VendorContext) -> None:
        self._context = context
        self._account = context.twilio

    def routes(self, access: ApiAccess) -> list[web.RouteDef]:
        guarded = access.guarded
        root = f"{ACCOUNT_PATH}/Messages/{{sid:\\w+}}/Media"
        return [
            web.get(f"{root}.json", guarded(self._list)),
            web.get(f"{root}/{{media:\\w+}}.json", guarded(self._show)),
            web.get(f"{root}/{{media:\\w+}}", guarded(self._redirect)),
            web.get(f"{_STORAGE}/{{media:\\w+}}", self._stored),
        ]

    async def _list(self, request: web.Request) -> web.StreamResponse:
        message = self._message(request)
        resources = [self._resource(message, media) for media in media_sids(message)]
        return web.json_response(single_page("media_list", resources, request.path))

    async def _show(self, request: web.Request) -> web.StreamResponse:
        message = self._message(request)
        return web.json_response(self._resource(message, self._media(request, message)))

    async def _redirect(self, request: web.Request) -> web.StreamResponse:
        message = self._message(request)
        media = self._media(request, message)
        age_s = (self._context.clock.now() - message.created_at) / 1000
        match self._context.faults.picture(media, age_s):
            case None:
                pass
            case "drop":
                if request.transport is not None:
                    request.transport.close()
                return web.Response()
            case "empty":
                return web.Response(content_type="image/png")
            case "page":
                return web.Response(text="<!DOCTYPE html><p>Back soon</p>", content_type="text/html")
            case status:
                return web.Response(status=int(status))
        return web.Response(status=307, headers={"Location": f"{self._context.url}{_STORAGE}/{media}"})

    async def _stored(self, request: web.Request) -> web.StreamResponse:
        """The address itself grants access; a request that also signs in is refused, as Amazon S3 does."""
        if "Authorization" in request.headers:
            return web.Response(status=400, text="Only one auth mechanism allowed")
        return web.Response(body=picture(request.match_info["media"]), content_type="image/png")

    def _resource(self, message: VendorMessage, media: str) -> dict[str, object]:
        return {
            "sid": media,
            "account_sid": self._account.sid,
            "parent_sid": message.id,
            "content_type": "image/png",
            "date_created": rfc2822(message.created_at),
            "date_updated": rfc2822(message.created_at),
            "uri": f"/{API_VERSION}/Accounts/{self._account.sid}/Messages/{message.id}/Media/{media}.json",
        }

    def _message(self, request: web.Request) -> VendorMessage:
        message = self._context.phonebook.find(request.match_info["sid"])
        if message is None or message.provider != "twilio":
            raise ApiError(20404)
        return message

    def _media(self, request: web.Request, message: VendorMessage) -> str:
        media = request.match_info["media"]
        if media not in media_sids(message):
            raise ApiError(20404)
        return media


async def fetch_media(client: HookClient, urls: list[str]) -> tuple[list[MediaFetch], int | None]:
    """Fetch a reply's files: the result of each, and the error code if the message fails."""
    fetched: list[MediaFetch] = []
    for url in urls:
        response, size = await client.get(url, _LIMIT)
        fetched.append(MediaFetch(url, response.status, size, response.content_type))
        if not response.is_ok:
            return fetched, _RETRIEVAL_FAILED
        if not response.content_type.startswith(_TAKEN_TYPES):
            return fetched, _WRONG_TYPE
        if sum(file.bytes for file in fetched) > _LIMIT:
            return fetched, _TOO_LARGE
    return fetched, None
