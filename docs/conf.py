"""How Sphinx builds the documentation: `make docs` writes it to build/docs."""

import os
import sys
from pathlib import Path

os.environ["COLUMNS"] = "100"  # help texts are as wide as the pages
sys.path[:0] = [str(Path(__file__).parent / "extensions"), str(Path(__file__).parents[1])]

project = "dense-study"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "from_code"]
exclude_patterns = ["extensions"]
show_warning_types = True

# Markdown
myst_heading_anchors = 4

# The API reference; docstrings write `code` as Markdown does.
default_role = "code"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
maximum_signature_line_length = 80

# The site loads nothing from a network: Furo uses the reader's own fonts.
html_theme = "furo"
html_title = "dense-study"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {"top_of_page_buttons": []}
