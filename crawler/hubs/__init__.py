"""WebSub (https://www.w3.org/TR/websub/): hubs tell us what sources publish, as soon as they do.

Polling goes on as if there were none: hubs lose pushes, end subscriptions without a word, or confirm them and never
push.
"""
