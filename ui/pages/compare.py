"""compare"""

from ui.choosing import need_answering_runs
from ui.text import _
from ui.widgets import page_title

page_title(_("Compare"))
runs = need_answering_runs()
