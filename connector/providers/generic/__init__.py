"""Any gateway that speaks the protocol of docs/generic-provider.md."""
