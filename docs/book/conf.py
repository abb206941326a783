"""The lessons as web pages: `sphinx-build -W -c docs/book lessons OUT`. Nothing is run: the notebooks are built."""

from importlib.resources import files

project = "How autoencoders learn, built by hand"
copyright = "minae"
extensions = ["myst_nb"]
root_doc = "index"
include_patterns = ["index.md", "START.md", "glossary.md", "toolbox/*.md", "*/lesson.ipynb", "*/project.md"]
nb_execution_mode = "off"
nb_code_prompt_show, nb_code_prompt_hide = "Show the {type}", "Hide the {type}"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = project
# MathJax comes from a package and not from the net, so that formulas are drawn offline, too. The package has version 2
# and the STIX fonts. A formula that is wider than a telephone is scrolled.
html_static_path = [str(files("jupyter_server_mathjax") / "static")]
mathjax_path = "MathJax.js?config=TeX-AMS-MML_HTMLorMML-full"
mathjax2_config = {
    "tex2jax": {"processClass": "math"},
    "HTML-CSS": {"availableFonts": [], "imageFont": None, "preferredFont": None, "webFont": "STIX-Web"},
    "messageStyle": "none",
}
myst_update_mathjax = False
