"""`[masking]`: what is masked of texts wherever people read them.

```toml
[masking]
us_ssn = false                    # a rule of ours that is not wanted

[[masking.patterns]]
name = "customer"
regex = 'KD-[0-9]{8}'
keep_last = 3
```
"""

from __future__ import annotations

import re
from itertools import islice

from msgspec import Struct

from connector.domain.masking.masking import BUILT_IN, MaskingRules
from connector.domain.masking.own_patterns import LONGEST, MOST_PATTERNS, OwnPattern, bounded_expression
from connector.sms.text import is_blank
from connector.wire.limits import REPLY_LENGTH

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class PatternSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One pattern of the operator's own."""

    name: str
    regex: str
    keep_last: int = 0  # letters and digits at the end that stay

    def pattern(self) -> OwnPattern:
        return OwnPattern(self.name, bounded_expression(self.regex), self.keep_last)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f'the name "{self.name[:40]}" is to have lower-case letters, digits, - and _ only')
        if self.name in BUILT_IN:
            raise ValueError(f'"{self.name}" is the name of a rule that is built in; choose another')
        if not 0 <= self.keep_last <= LONGEST:
            raise ValueError(f"keep_last is 0 to {LONGEST}, not {self.keep_last}")
        try:
            self.pattern()
        except ValueError as error:
            raise ValueError(f'the regex of "{self.name}" {error}') from None


class MaskingSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[masking]`. The rules that are built in are on unless switched off."""

    card: bool = True
    card_code: bool = True
    iban: bool = True
    us_ssn: bool = True
    cut: bool = True
    patterns: list[PatternSettings] = []
    notice: str = ""  # sent to a consumer who texts what a built-in rule masks

    def rules(self) -> MaskingRules:
        built_in = frozenset(name for name in BUILT_IN if getattr(self, name))
        return MaskingRules(built_in, tuple(one.pattern() for one in self.patterns))

    def __post_init__(self) -> None:
        if len(self.patterns) > MOST_PATTERNS:
            raise ValueError(f"there are at most {MOST_PATTERNS} patterns")
        if len(self.notice) > REPLY_LENGTH or (self.notice and is_blank(self.notice)):
            raise ValueError(f"notice is a text of at most {REPLY_LENGTH:,} characters, or left away")
        names = sorted(one.name for one in self.patterns)
        twice = next((one for one, other in zip(names, islice(names, 1, None), strict=False) if one == other), None)
        if twice is not None:
            raise ValueError(f'two patterns are called "{twice}"')
