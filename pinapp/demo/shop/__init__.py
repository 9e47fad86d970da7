"""A small shop on an origin of its own, with PinApp's button: `python -m pinapp.demo.shop`.

It stands for a publisher's site: all it knows of PinApp is what a publisher is given. Only the
standard library and Pillow; no Django.
"""
