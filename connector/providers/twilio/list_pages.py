"""The size of Twilio's lists and of their pages, in records and in bytes.

A message record is about 900 bytes and its text: 1,600 characters, each 12 bytes where it is written as two escapes
(`"\\ud83d\\ude00"`), make 20.1 kB. A number's record is 2 kB and its addresses. So every genuine page fits.
https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

PAGE_BYTES = 1024 * 1024
MESSAGES, MOST_MESSAGES = 50, 20_000  # of one line since a moment
NUMBERS = {"page_size": 200, "limit": 10_000}
SERVICES = {"page_size": 100, "limit": 1_000}
# The most that Twilio gives on one page. Making objects of more (a megabyte of `{}`) would take seconds and gigabytes.
MOST_RECORDS = 1000
