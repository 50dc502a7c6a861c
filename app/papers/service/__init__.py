"""What people do with papers: write, fill, check, freeze, copy; and drawing an attempt from one."""

from app.papers.service.drawing import Drawer, items_for_attempt

__all__ = ["Drawer", "items_for_attempt"]
