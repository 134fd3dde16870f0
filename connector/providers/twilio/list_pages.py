"""The size of a page of Twilio's lists, in records and in bytes.

A message record is about 900 bytes and its text: 1,600 characters, each 12 bytes where it is written as two escapes
(`"\\ud83d\\ude00"`), make 20.1 kB. A number's record is 2 kB and its addresses. So every genuine page fits.
https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

PAGE_BYTES = 1024 * 1024
MESSAGES = 50
NUMBERS = 200
SERVICES = 100
