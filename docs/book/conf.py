"""The lessons as web pages: `sphinx-build -W -c docs/book lessons OUT`. Nothing is run: the notebooks are built."""

project = "How autoencoders learn, built by hand"
copyright = "minae"
extensions = ["myst_nb"]
root_doc = "index"
include_patterns = ["index.md", "START.md", "glossary.md", "toolbox/*.md", "*/lesson.ipynb"]
nb_execution_mode = "off"
nb_code_prompt_show, nb_code_prompt_hide = "Show the {type}", "Hide the {type}"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = project
