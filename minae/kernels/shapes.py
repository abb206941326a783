"""The number of windows that fit into an image."""

Pair = tuple[int, int]  # (height, width)


def output_size(size: Pair, kernel: Pair, stride: Pair, padding: Pair) -> Pair:
    """How many windows fit into the padded image, down and across."""
    height, width = (
        (n + 2 * p - k) // s + 1 for n, k, s, p in zip(size, kernel, stride, padding)
    )
    return height, width
