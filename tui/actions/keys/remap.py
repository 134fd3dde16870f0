"""An agent's own keys: the table's, with the settings of `desk.toml`, and what of these cannot be used."""

from __future__ import annotations

from collections.abc import Iterable

from tui.actions.keys.contexts import AROUND, Context
from tui.actions.keys.names import shown, toolkit_name, unusable
from tui.actions.keys.table import ACTIONS, BY_ID
from tui.model.key_names import REPLIES, REPLY_SLOTS, KeyNames, KeySetting, OwnKeys, reply_binding

_TEXT = (
    *(Context.EVERYWHERE, Context.COMPOSE, Context.FILTER, Context.DIALOG, Context.PALETTE),
    *(Context.FINDER, Context.SEARCH),
)
"""Places where letters are text, or that lie around such a place."""

_WRITING = (Context.COMPOSE, *AROUND[Context.COMPOSE])
_FUNCTION_KEYS = {f"f{number}" for number in range(1, 13)}
_EDITING = {*(f"ctrl+{letter}" for letter in "adekuvwxyz"), "f6", "f7"}
"""Keys that a text field takes for itself before a command that works everywhere."""

_Place = tuple[Context, str]  # with an action's id
_Keys = dict[_Place, tuple[str, ...]]

_DEFAULTS: _Keys = {(place, action.id): pressed for action in ACTIONS for place, pressed in action.keys.items()}


class _Unusable(Exception):
    """In words, why a setting cannot be used."""


def own_keys(settings: Iterable[KeySetting], file: str) -> OwnKeys:
    """The keys of a desk with these settings, which are in `file`. Where one cannot be used, the table's key holds."""
    chosen: _Keys = {}
    problems: list[str] = []
    of_actions = [setting for setting in settings if setting.place != REPLIES]
    for setting in of_actions:
        where = f"{file}: [{'.'.join(filter(None, ('keys', setting.place)))}] {setting.action}"
        try:
            chosen |= _chosen(setting)
        except _Unusable as error:
            problems.append(f"{where}: {error}")
    while (clash := _clash(chosen)) is not None:
        (place, refused), other, key = clash
        words = f"{shown(key)} is {BY_ID[other].label} there; give {other} another key first"
        problems.append(f"{file}: [keys.{place}] {refused}: {words}.")
        chosen = {at: pressed for at, pressed in chosen.items() if at[1] != refused}
    keys = _DEFAULTS | chosen
    by_action: dict[str, dict[str, tuple[str, ...]]] = {}
    for (place, action_id), pressed in keys.items():
        by_action.setdefault(action_id, {})[place] = tuple(map(shown, pressed))
    by_binding = {f"{place}.{action_id}": ",".join(pressed) for (place, action_id), pressed in chosen.items()}
    replies: dict[str, str] = {}
    for setting in settings:
        if setting.place != REPLIES:
            continue
        try:
            pressed = _for_reply(setting, keys, by_binding.values(), len(replies))
        except _Unusable as error:
            problems.append(f"{file}: [keys.{REPLIES}] {setting.action}: {error}")
        else:
            by_binding[reply_binding(len(replies))] = ",".join(pressed)
            replies[setting.action.lower()] = shown(pressed[0])
    return OwnKeys(KeyNames(by_action, tuple(problems), replies), by_binding)


def _for_reply(setting: KeySetting, keys: _Keys, taken: Iterable[str], number: int) -> tuple[str, ...]:
    """The keys that put a saved reply in while writing."""
    if number >= REPLY_SLOTS:
        raise _Unusable(f"at most {REPLY_SLOTS} saved replies have keys of their own.")
    pressed = tuple(map(toolkit_name, setting.keys))
    for written, key in zip(setting.keys, pressed, strict=True):
        if (reason := unusable(key)) is not None:
            raise _Unusable(f"{written} cannot be used: {reason.rstrip('?')}{'?' if reason.endswith('?') else '.'}")
        if not (key.startswith("ctrl+") or key in _FUNCTION_KEYS) or key in _EDITING - {"ctrl+y"}:
            raise _Unusable(f"{written} is text there, or edits it: take ctrl and another letter, or a function key.")
        of = next((one for (place, one), its in keys.items() if place in _WRITING and key in its), None)
        if of is not None:
            raise _Unusable(f"{shown(key)} is {BY_ID[of].label} there; give {of} another key first.")
        if any(key in others.split(",") for others in taken):
            raise _Unusable(f"{shown(key)} has been given already.")
    return pressed


def _chosen(setting: KeySetting) -> _Keys:
    """What a setting means: in its place, or wherever the action has keys and these can be used."""
    action = BY_ID.get(setting.action)
    if action is None:
        from connector.base.alike import meant

        alike = meant(setting.action, BY_ID)
        raise _Unusable(f"there is no such action{f': did you mean {alike}?' if alike else '.'}")
    if setting.place and setting.place not in action.keys:
        known = ", ".join(action.keys)
        raise _Unusable(f"it has keys in: {known}." if setting.place in [*Context] else _no_place(setting.place))
    pressed = tuple(map(toolkit_name, setting.keys))
    for written, key in zip(setting.keys, pressed, strict=True):
        if (reason := unusable(key)) is not None:
            raise _Unusable(f"{written} cannot be used: {reason.rstrip('?')}{'?' if reason.endswith('?') else '.'}")
    places = [Context(setting.place)] if setting.place else [*action.keys]
    usable = [place for place in places if all(_is_command(key, place) for key in pressed)]
    if not usable:
        raise _Unusable(
            f"{' '.join(setting.keys)} is text there, or edits it: take ctrl and another letter, or a function key."
        )
    return dict.fromkeys(((place, action.id) for place in usable), pressed)


def _no_place(written: str) -> str:
    from connector.base.alike import meant

    alike = meant(written, Context)
    return f"there is no such place{f': did you mean {alike}?' if alike else '.'}"


def _is_command(key: str, place: Context) -> bool:
    """Whether a key is free for a command where text may be written."""
    if place not in _TEXT or key in _taken_by_table(place):
        return True
    if place is Context.EVERYWHERE and key in _EDITING:
        return False
    return key.startswith("ctrl+") or key in _FUNCTION_KEYS


def _taken_by_table(place: Context) -> set[str]:
    return {key for (where, _), pressed in _DEFAULTS.items() if where == place for key in pressed}


def _clash(chosen: _Keys) -> tuple[_Place, str, str] | None:
    """A chosen key that another action has there or around, that action, and the key. The last one chosen gives way."""
    keys = _DEFAULTS | chosen
    for context in Context:
        seen: dict[str, _Place] = {}
        chain = (context, *AROUND[context])
        # Those of the table first: what the agent chose gives way.
        for at in sorted((at for at in keys if at[0] in chain), key=lambda at: at in chosen):
            for key in keys[at]:
                first = seen.setdefault(key, at)
                if first[1] == at[1]:
                    continue
                if at in chosen:
                    return at, first[1], key
    return None
