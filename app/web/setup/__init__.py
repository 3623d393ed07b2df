"""Setting a consultation up: pages that each edit a part of its definition, in forms made from its models.

`fields` reads the models, `typed` is what stands in a form, `raw` turns it into what a definition file would have, and
`shown` says how a template sets it. Every page sends its part to the one action, `setting_up.edit`.
"""

from app.web.setup import files, making, pages, texts, topics

PAGES = (files, topics, texts, making, pages)  # `pages` takes what no other does
