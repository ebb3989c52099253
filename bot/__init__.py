"""Exportwire: export-control news, alerted once, exactly, to the chats that asked."""
