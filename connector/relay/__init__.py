"""`textdesk relay`: a process between the core and a gateway that cannot speak docs/generic-provider.md itself.

What comes from the gateway is stored and synced before it is answered, and handed on until the core has it. What comes
from the core is recorded before it is handed to the gateway, so that the record can be looked up.
"""
