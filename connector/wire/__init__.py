"""The contract between desk and core: shapes, frames and both ends of a connection, without any I/O.

With `connector.sms` and `connector.base`, this is all of the core that a desk may import.

Modules with structs that are decoded do without `from __future__ import annotations`: msgspec evaluates each annotation
that is a string, which delays the start of a desk by three milliseconds.

A struct is called what its tag on the wire says, without `Frame`. Tags never change; these classes have a newer name:

| class | tag |
| --- | --- |
| UndoReply | take_back |
| ReplyUndone | reply_taken_back |
| GiveBack | return_to_queue |
| PictureStored | picture_kept |
| HookPage | hooks |
| ConversationPage | conversations |
| AgentPage | agents |
| FoundMentions | mentions |
"""
