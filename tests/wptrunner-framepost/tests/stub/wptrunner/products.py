"""A stub of the parts of wptrunner's module that the package uses."""


class Product:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)
