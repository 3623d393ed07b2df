"""Mail that came in, from the moment it is ours until nobody needs it: kept first, dealt with after, answered once.

What it says is read above, in inbound/; here is what is known of it, what its sender was asked, how it is forgotten.
"""
