"""The hash function by which the page tells versions of a cell's text apart."""

import struct

MASK = 0xFFFFFFFF  # 32 bits


def text_hash(text: str) -> str:
    """Return the hash of a text: 16 hexadecimal digits, the same as in the browser.

    `hash` in book/_static/live/base/edit-store.js does the same: two 32-bit FNV-1a
    hashes over the UTF-16 code units of which JavaScript's strings consist. The second
    hash has another start value, and mixes in the low byte of each unit's position. Not
    cryptographic.
    """
    first, second = 0x811C9DC5, 0x9E3779B9
    data = text.encode("utf-16-le", "surrogatepass")
    units = struct.unpack(f"<{len(data) // 2}H", data)
    for place, unit in enumerate(units):
        first = (first ^ unit) * 0x01000193 & MASK
        second = (second ^ unit ^ (place & 0xFF)) * 0x01000193 & MASK
    return f"{first:08x}{second:08x}"
