"""record"""

from ui.choosing import need_answering_runs
from ui.text import _
from ui.widgets import page_title

page_title(_("Record"))
runs = need_answering_runs()
