"""`python -m connector` is the `textdesk` command."""

import sys

from connector.cli.main import main

sys.exit(main())
