"""As much of wptrunner's module as the package uses."""


class Product:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)
