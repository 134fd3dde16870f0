"""Contacts: what agents record of the persons they answer."""
