"""Framepost as a product of wptrunner."""


def get_product():
    """The product, for the entry point group `wptrunner.products`."""
    # Imported here, because this package can be installed without wptrunner.
    from .product import product

    return product()
