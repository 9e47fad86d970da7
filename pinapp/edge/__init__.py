"""Between the connection and the WSGI application: who asks, how much, how slowly.

Knows no Django. A request reaches a thread when all of it is here, and leaves the thread before its
answer is on its way, so that no client, however slow, holds what others need.
"""
