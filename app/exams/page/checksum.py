"""CRC-32 of joined texts from the CRCs of their parts, as zlib's crc32_combine: a page need not be read whole to be summed.

Polynomials over GF(2) modulo the one of CRC-32, bits reversed: the highest bit is x^0.
"""

POLYNOMIAL = 0xEDB88320
ONE = 1 << 31


def _times(a, b):
    """Return a · b."""
    product, bit = 0, ONE
    while bit:
        if a & bit:
            product ^= b
        bit >>= 1
        b = (b >> 1) ^ POLYNOMIAL if b & 1 else b >> 1
    return product


def _squares():
    """x^(2^n) for n from 0 to 31."""
    power = 1 << 30
    for _ in range(32):
        yield power
        power = _times(power, power)


POWERS = tuple(_squares())


def shift(length):
    """Return x^(8 · length): what a checksum is multiplied with when so many bytes follow."""
    power, place = ONE, 3
    while length:
        if length & 1:
            power = _times(POWERS[place % 32], power)
        length >>= 1
        place += 1
    return power


def joined(first, second, second_shift):
    """Return the CRC-32 of two texts put together, from theirs and the `shift` of the second one's length."""
    return _times(second_shift, first) ^ second
