"""The page's hash of a text, which tells the versions of a cell apart."""

import struct

MASK = 0xFFFFFFFF


def text_hash(text):
    """Return the 16 hexadecimal digits that `hash` in live/store.js gives for a text.

    FNV-1a, twice, over UTF-16 units. It is no protection.
    """
    first, second = 0x811C9DC5, 0x9E3779B9
    data = text.encode("utf-16-le", "surrogatepass")
    units = struct.unpack(f"<{len(data) // 2}H", data)
    for place, unit in enumerate(units):
        first = (first ^ unit) * 0x01000193 & MASK
        second = (second ^ unit ^ (place & 0xFF)) * 0x01000193 & MASK
    return f"{first:08x}{second:08x}"
