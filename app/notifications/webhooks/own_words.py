"""What is kept of an attempt where nobody answered in words of their own; pages say it in their reader's language."""

from app.language import gettext_noop as N_

LATE = N_("There was no whole answer in time.")
NOT_PUBLIC = N_("The name does not lead to an address on the public internet.")
REDIRECTED = N_("Redirects are not followed.")
UNKNOWN = N_("The name cannot be found.")
NOT_SECURED = N_("The secure connection failed.")
NOT_CONNECTED = N_("There is no connection.")
OWN_WORDS = (LATE, NOT_PUBLIC, REDIRECTED, UNKNOWN, NOT_SECURED, NOT_CONNECTED)
