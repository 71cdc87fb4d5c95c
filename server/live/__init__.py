"""The websocket edge: hands operations to the bus, and follows the journal to tell everybody what changed."""
