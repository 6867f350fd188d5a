"""How the C library hands out memory for arrays."""

import ctypes
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # names that glibc's mallopt has for them
LARGEST_ARRAY, KEPT = 2**25, 2**28  # bytes: 32 MiB, the most it allows, and 256 MiB


def keep_freed_memory():
    """Let this process use the memory of freed arrays again, up to 256 MiB of it.

    Each step of training makes the same arrays anew. By default glibc gives large ones
    back to the system when they are freed, and fetching them again, page by page and
    set to zero, may take longer than to compute what stands in them. Where the C
    library is another one, nothing happens.

    Returns: True if it was done.
    """
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # not glibc
        return False
    return bool(
        mallopt(MMAP_THRESHOLD, LARGEST_ARRAY) and mallopt(TRIM_THRESHOLD, KEPT)
    )
