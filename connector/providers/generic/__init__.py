"""Any gateway that speaks the protocol of docs/generic-provider.md: JSON, signed with a shared secret."""
