"""`python -m connector` is the `textdesk` command."""

import sys

from connector.cli import main

sys.exit(main())
