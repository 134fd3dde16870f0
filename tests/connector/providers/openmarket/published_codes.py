"""OpenMarket's response codes, and the advice each ends with.

From the pages response-delivery-codes.htm of v3http, deliveryreceiptcodes.htm of v4smpp and delivery-receipts.htm of
v4http (https://www.openmarket.com/docs/Content/apis/), and lists of its customers (LiveSafe, Tatango).
"""

from __future__ import annotations

from connector.providers.send_outcomes import Advice
from tests.kit.code_spans import numbers

PUBLISHED = numbers(
    "0-5 301-307 310-311 321-323 330-331 337-345 349-401 410-411 420 430-434 451 460-461 507-514 560-566 "
    "568-572 581 607 711 800-803 810-811 815 830-831 1000-1001 1010 1020 1030 2001-2003 2010-2054 2056 "
    "2100-2102 2104 2120-2126 3041-3042 4000-4001 4010-4013 4020-4021 4030-4033 4035 4050-4052 4054-4055 "
)

# Of ringtones, logos, WAP pushes, premium billing, subscriptions and set-up, none of which we ask for. 401 stands for
# two different things.
NOT_OF_TEXTS = numbers(
    "330 338 342-344 359-364 371-372 385-387 389-398 401 451 800-803 2012 2018 2020 2022 2025-2028 2030 "
    "2036-2044 2046 2048-2051 2053 2100 2104 2120-2121 2123-2126 4000-4001 4010-4013 4020-4021 4030-4033 "
    "4035 4050-4051 4054-4055 "
)

_ENDS_WITH = {
    Advice.NEVER: (
        "345 410-411 507 513-514 560 565-566 568-569 2014-2015 2019 2021 2023-2024 2029 2035 2045 2054 3041-3042 4052 "
    ),
    Advice.FIX: ("301-307 310-311 321-323 337 339-341 349-350 352-355 365-367 373-374 379-384 561 607 "),
    Advice.LATER: ("351 508 511 581 811 815 1010 1020 2011 "),
    Advice.ADMIN: (
        "331 356-358 368-370 375-378 388 399 420 430-434 460-461 562-564 570-572 2001-2003 2010 2031-2034 "
        "2052 2056 2101-2102 2122 "
    ),
    Advice.CHECK: ("400 509-510 512 810 830 1000-1001 1030 2016-2017 "),
    Advice.WAIT: ("711 831 2013 2047 "),
}

ADVICE = {str(number): advice for advice, spans in _ENDS_WITH.items() for number in numbers(spans)}
