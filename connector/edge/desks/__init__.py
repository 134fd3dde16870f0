"""The websocket server for desks."""
