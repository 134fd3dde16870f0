"""Where keys work, and which places lie around which."""

from __future__ import annotations

from enum import StrEnum


class Context(StrEnum):
    """Where the keys of an action work. An inner context may not use a key of one around it."""

    EVERYWHERE = "everywhere"
    DESK = "desk"  # the main screen, except while writing
    LIST = "list"
    TRANSCRIPT = "transcript"
    COMPOSE = "compose"
    FILTER = "filter"
    PAGE = "page"  # every page
    PROVIDERS = "providers"
    TEAM = "team"
    QUARANTINE = "quarantine"
    PICTURE = "picture"
    DIALOG = "dialog"
    SIGN_OFF = "sign-off"
    PALETTE = "palette"
    HELP = "help"
    FINDER = "finder"  # of saved replies, above the compose area
    REPLIES = "saved-replies"
    REPORTS = "reports"
    ON_CALL = "on-call"
    SEARCH = "search"
    HITS = "hits"  # of the search


AROUND: dict[Context, tuple[Context, ...]] = {
    Context.EVERYWHERE: (),
    Context.DESK: (Context.EVERYWHERE,),
    Context.LIST: (Context.DESK, Context.EVERYWHERE),
    Context.TRANSCRIPT: (Context.DESK, Context.EVERYWHERE),
    Context.COMPOSE: (Context.EVERYWHERE,),
    Context.FILTER: (Context.EVERYWHERE,),
    Context.PAGE: (Context.EVERYWHERE,),
    Context.PROVIDERS: (Context.PAGE, Context.EVERYWHERE),
    Context.TEAM: (Context.PAGE, Context.EVERYWHERE),
    Context.QUARANTINE: (Context.PAGE, Context.EVERYWHERE),
    Context.PICTURE: (Context.EVERYWHERE,),
    Context.DIALOG: (),
    Context.SIGN_OFF: (Context.DIALOG,),
    Context.PALETTE: (),
    Context.HELP: (Context.PAGE, Context.EVERYWHERE),
    Context.FINDER: (Context.EVERYWHERE,),
    Context.REPLIES: (Context.PAGE, Context.EVERYWHERE),
    Context.REPORTS: (Context.PAGE, Context.EVERYWHERE),
    Context.ON_CALL: (Context.PAGE, Context.EVERYWHERE),
    Context.SEARCH: (Context.EVERYWHERE,),
    Context.HITS: (Context.PAGE, Context.EVERYWHERE),
}

TITLES: dict[Context, str] = {
    Context.EVERYWHERE: "Everywhere",
    Context.DESK: "Conversations",
    Context.LIST: "In the list",
    Context.TRANSCRIPT: "In the transcript",
    Context.COMPOSE: "While writing",
    Context.FILTER: "In the filter",
    Context.PAGE: "On a page like this",
    Context.PROVIDERS: "On the providers page",
    Context.TEAM: "On the team page",
    Context.QUARANTINE: "On the page of hooks",
    Context.PICTURE: "On a picture",
    Context.DIALOG: "In a dialog",
    Context.SIGN_OFF: "In the dialog of leaving",
    Context.PALETTE: "Among the commands",
    Context.HELP: "On the help page",
    Context.FINDER: "Among saved replies",
    Context.REPLIES: "On the page of saved replies",
    Context.REPORTS: "On the page of reports",
    Context.ON_CALL: "On the page of what is urgent",
    Context.SEARCH: "In the search",
    Context.HITS: "Among the hits of the search",
}
