"""Both ends of a connection, joined without a socket."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.wire import answers, events, frames, requests
from connector.wire.client import Client, ProtocolMismatch, decode_pending, encode_pending
from connector.wire.session import CloseConnection, Resume, Session, StartFromSnapshot
from connector.wire.views import AgentView
from tests.kit.rounds import rounds

ANN = AgentView(id="ann", name="Ann", presence="online", assigned=0, capacity=4)
WELCOME = frames.encode(frames.Welcome(agent=ANN, resumed=True, lines=[], reply_limit=1600))


def event(position: int) -> bytes:
    return frames.frame_event(position, 1, frames.encode_event(events.AgentChanged(ANN)))


def signed_in(client: Client, session: Session, position: int = 0, floor: int = 0) -> Resume | StartFromSnapshot:
    """Sign in, and return how the core continues."""
    client.connected()
    client.received(session.hello(server_at=5, position=position))
    (text,) = client.take_outgoing()
    sign_in = session.received(text)
    assert isinstance(sign_in, frames.SignIn)
    client.received(WELCOME)
    return session.start(sign_in, position, floor)


def test_the_first_time_it_starts_from_a_snapshot() -> None:
    client = Client("d1")
    assert isinstance(signed_in(client, Session("store")), StartFromSnapshot)
    assert client.signed_in


def test_it_resumes_from_the_last_position_it_has_seen() -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(frames.encode(frames.SnapshotFrame(position=7, more=False, agents=[], conversations=[])))
    client.received(event(9))
    client.disconnected()
    assert signed_in(client, Session("store"), position=12) == Resume(9)


@pytest.mark.parametrize(("position", "floor"), [(8, 0), (12, 10)], ids=["a position not reached yet", "facts gone"])
def test_what_cannot_be_continued_starts_from_a_snapshot(position: int, floor: int) -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(frames.encode(frames.SnapshotFrame(position=9, more=False, agents=[], conversations=[])))
    client.disconnected()
    assert isinstance(signed_in(client, Session("store"), position=position, floor=floor), StartFromSnapshot)


def test_a_silent_line_is_said_at_once_and_at_each_sign_in() -> None:
    client, session = Client("d1"), Session("store")
    signed_in(client, session)
    assert client.take_outgoing() == []
    client.report_line(is_silent=True)
    assert [session.received(text) for text in client.take_outgoing()] == [frames.LineState(is_silent=True)]
    client.disconnected()
    client.connected()
    client.received(Session("store").hello(server_at=5, position=0))
    (text,) = client.take_outgoing()
    sign_in = Session("store").received(text)
    assert isinstance(sign_in, frames.SignIn) and sign_in.is_silent
    client.report_line(is_silent=False)  # before the welcome
    client.received(WELCOME)
    assert client.take_outgoing() == [frames.encode(frames.LineState(is_silent=False))]


@pytest.mark.parametrize("floor", [0, 8, 9])
def test_events_are_resumed_down_to_the_floor(floor: int) -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(frames.encode(frames.SnapshotFrame(position=9, more=False, agents=[], conversations=[])))
    client.disconnected()
    assert signed_in(client, Session("store"), position=9, floor=floor) == Resume(9)


def test_another_database_starts_from_a_snapshot() -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(frames.encode(frames.SnapshotFrame(position=9, more=False, agents=[], conversations=[])))
    client.disconnected()
    assert isinstance(signed_in(client, Session("another"), position=20), StartFromSnapshot)


def welcomed_over_tcp(client: Client, session: Session, position: int) -> Resume | StartFromSnapshot:
    """Sign in where the welcome has what the hello does not tell strangers."""
    client.connected()
    client.received(session.hello_to_stranger(server_at=5))
    (text,) = client.take_outgoing()
    sign_in = session.received(text)
    assert isinstance(sign_in, frames.SignIn)
    start = session.start(sign_in, position, floor=0)
    welcome = frames.Welcome(ANN, isinstance(start, Resume), [], 1600, store=session.store, position=position)
    client.received(frames.encode(welcome))
    return start


def test_it_resumes_by_the_store_of_the_welcome() -> None:
    client = Client("d1")
    assert isinstance(welcomed_over_tcp(client, Session("store"), 7), StartFromSnapshot)
    client.received(frames.encode(frames.SnapshotFrame(position=7, more=False, agents=[], conversations=[])))
    client.received(event(9))
    client.disconnected()
    assert welcomed_over_tcp(client, Session("store"), 12) == Resume(9)
    client.disconnected()
    assert isinstance(welcomed_over_tcp(client, Session("another"), 12), StartFromSnapshot)
    client.disconnected()
    assert isinstance(welcomed_over_tcp(client, Session("another"), 12), StartFromSnapshot), "its snapshot never came"


def test_a_core_that_was_older_at_the_last_connection_is_resumed() -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(frames.encode(frames.SnapshotFrame(position=9, more=False, agents=[], conversations=[])))
    client.disconnected()
    assert welcomed_over_tcp(client, Session("store"), 12) == Resume(9)
    client.disconnected()
    assert signed_in(client, Session("store"), position=12) == Resume(9)


def test_an_incomplete_snapshot_is_not_resumed_from() -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(frames.encode(frames.SnapshotFrame(position=9, more=True, agents=[], conversations=[])))
    client.disconnected()
    assert isinstance(signed_in(client, Session("store"), position=9), StartFromSnapshot)


def snapshot(position: int, *, more: bool) -> str:
    return frames.encode(frames.SnapshotFrame(position=position, more=more, agents=[], conversations=[]))


def test_events_between_the_frames_of_a_snapshot_are_taken_and_nothing_is_resumed_from_them() -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(snapshot(7, more=True))
    assert client.received(event(8)) and client.received(event(9))
    assert client.received(frames.encode(frames.PositionFrame(10)))
    assert client.position is None
    client.received(snapshot(10, more=False))
    assert not client.received(event(10)), "the snapshot has it"
    client.disconnected()
    assert signed_in(client, Session("store"), position=12) == Resume(10)


def test_a_snapshot_cut_off_behind_events_is_not_resumed_from() -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(snapshot(7, more=True))
    client.received(event(8))
    client.disconnected()
    assert isinstance(signed_in(client, Session("store"), position=9), StartFromSnapshot)


def test_a_position_alone_moves_the_desk_on_and_never_back() -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    client.received(snapshot(7, more=False))
    for position in (12, 11):
        client.received(frames.encode(frames.PositionFrame(position)))
    assert not client.received(event(12))
    client.disconnected()
    assert signed_in(client, Session("store"), position=12) == Resume(12)


def sign_in_of(client: Client) -> frames.SignIn:
    client.connected()
    client.received(Session("store").hello(server_at=5, position=9))
    frame = frames.decode_from_desk(client.take_outgoing()[0])
    assert isinstance(frame, frames.SignIn)
    return frame


def test_the_rights_of_the_state_go_along_with_its_position() -> None:
    client = Client("d1", others=False)
    first = sign_in_of(client)
    assert (first.rights, first.after, first.others) == (None, None, False)
    client.received(frames.encode(frames.Welcome(ANN, False, [], 1600, rights="skills of ann")))
    client.received(snapshot(9, more=False))
    again = sign_in_of(client)
    assert (again.rights, again.after) == ("skills of ann", 9)
    client.received(frames.encode(frames.Welcome(ANN, True, [], 1600)))
    assert sign_in_of(client).rights == ""


def test_a_program_asks_for_all_conversations() -> None:
    assert sign_in_of(Client("d1")).others


def test_another_protocol_is_named_with_the_side_to_update() -> None:
    client = Client("d1")
    client.connected()
    hello = frames.Hello(protocol=frames.PROTOCOL + 1, store="s", server_at=0, position=0)
    with pytest.raises(ProtocolMismatch, match="update the desk"):
        client.received(frames.encode(hello))


def test_a_newer_core_may_say_more() -> None:
    client = Client("d1")
    signed_in(client, Session("store"))
    assert client.received('{"kind":"weather","sun":true}') == []
    assert client.received('{"kind":"event","position":3,"at":1,"body":{"type":"agent_danced"}}') == []
    with pytest.raises(frames.BadFrame):
        client.received("{")


@settings(max_examples=rounds(200))
@given(st.data())
def test_no_event_twice_none_missing_and_each_request_done_once(data: st.DataObject) -> None:
    """Wherever and however often the connection breaks, events arrive once and in order, and requests happen once."""
    facts = data.draw(st.integers(1, 30))
    client = Client("d1")
    done: dict[str, str] = {}
    answered: set[str] = set()
    seen: list[int] = []
    asked = 0
    committed = 0
    while committed < facts or client.unanswered:
        session = Session("store")
        start = signed_in(client, session, position=committed)
        if isinstance(start, StartFromSnapshot):
            seen = list(range(1, committed + 1))
            client.received(
                frames.encode(frames.SnapshotFrame(position=committed, more=False, agents=[], conversations=[]))
            )
            after = committed
        else:
            after = start.after
        # The core may tell a little twice around a resume; the client must not mind.
        for position in range(max(1, after - 1), committed + 1):
            if client.received(event(position)):
                seen.append(position)
        for _ in range(data.draw(st.sampled_from([6, 3, 1]))):
            if committed < facts:
                committed += 1
                if client.received(event(committed)):
                    seen.append(committed)
            if asked < 5:
                asked += 1
                client.request(f"r{asked}", requests.Close(conversation_id=str(asked)))
            for text in client.take_outgoing():
                frame = session.received(text)
                assert isinstance(frame, frames.RequestFrame)
                done.setdefault(frame.id, "done once")
                answer = frames.encode(frames.AnswerFrame(id=frame.id, body=answers.Done()))
                for _ in range(data.draw(st.sampled_from([1, 2, 0]))):  # sent once, sent twice, lost
                    if client.received(answer):
                        assert frame.id not in answered
                        answered.add(frame.id)
        client.disconnected()
    assert seen == list(range(1, committed + 1))
    assert answered == set(done)


def test_unanswered_requests_outlive_the_desk() -> None:
    before = Client("d1")
    before.request("r1", requests.Reply(conversation_id="c", text="half a word 😀"))
    kept = [*encode_pending(before.unanswered), "{damaged", "[]"]
    after = Client("d2", pending=decode_pending(kept))
    session = Session("store")
    signed_in(after, session)
    (text,) = after.take_outgoing()
    assert session.received(text) == before.unanswered[0]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (['{"kind":"request","id":"1","body":{"type":"close","conversation_id":"c"}}'], frames.CLOSE_NOT_SIGNED_IN),
        (["hello"], frames.CLOSE_BAD_FRAME),
        (["[1,2]"], frames.CLOSE_BAD_FRAME),
        (['{"kind":"sign_in","protocol":99,"desk":"d"}'], frames.CLOSE_PROTOCOL),
        (['{"kind":"sign_in","protocol":1,"desk":""}'], frames.CLOSE_BAD_FRAME),
        (['{"kind":"sign_in","protocol":1,"desk":"d","role":"boss"}'], frames.CLOSE_BAD_FRAME),
        (['{"kind":"sign_in","protocol":1,"desk":"d","x":' + "[" * 2000], frames.CLOSE_BAD_FRAME),
        (['{"kind":"sign_in","protocol":1,"desk":"d","after":18446744073709551616}'], frames.CLOSE_BAD_FRAME),
    ],
)
def test_what_the_core_closes_the_connection_for(texts: list[str], code: int) -> None:
    session = Session("store")
    for text in texts:
        last = session.received(text)
    assert isinstance(last, CloseConnection)
    assert last.code == code
    assert 0 < len(last.reason.encode()) <= 123  # RFC 6455, 5.5: a close frame holds 125 bytes


@given(st.binary(max_size=200))
def test_no_bytes_break_the_core_end(data: bytes) -> None:
    assert isinstance(Session("store").received(data), CloseConnection)


def test_every_event_survives_its_frame() -> None:
    (shown,) = frames.decode_from_core(event(4))
    assert isinstance(shown, frames.EventFrame)
    assert (shown.position, shown.body) == (4, events.AgentChanged(ANN))
    assert msgspec.json.decode(event(4))["body"]["type"] == "agent_changed"
