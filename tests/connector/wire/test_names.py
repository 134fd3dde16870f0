"""Class names and tags on the wire: alike, but for the table in `connector.wire`."""

from __future__ import annotations

import re
import typing

import connector.wire
from connector.wire import answers, events, frames, requests

UNIONS = (frames.FromDesk, frames.FromCore, requests.Request, answers.Answer, events.Event)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Frame")).lower()


def test_the_table_names_exactly_the_classes_that_differ_from_their_tag() -> None:
    table = dict(re.findall(r"^\| (\w+) \| (\w+) \|$", connector.wire.__doc__ or "", re.MULTILINE)[1:])
    shapes = [shape for union in UNIONS for shape in typing.get_args(union)]
    tags = {shape.__name__: shape.__struct_config__.tag for shape in shapes}
    assert table == {name: tag for name, tag in tags.items() if tag != snake(name)}
