"""Framepost as a product of wptrunner."""


def get_product():
    """The product, for the entry point group `wptrunner.products`."""
    # Imported here: this package can be installed where wptrunner is not.
    from .product import product

    return product()
