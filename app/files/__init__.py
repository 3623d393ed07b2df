"""Files that people attach: told by their content, and freed of what they say about who made them.

`apart.cleaned` is the way in: what strangers send is taken apart in a process of its own, which may use only so much
memory and time and knows no secret. Within it each family has a module that knows nothing of the rest.
"""
