"""Documents that arrive compressed as such (`sitemap.xml.gz`) → their bytes, bounded.

What a server compressed on the way (Content-Encoding) has been unpacked by the client, which refuses what is too large.
This is the document's own form: it is unpacked where it is parsed, and cut where it is too large, for half a list is
better than none.
"""

from __future__ import annotations

import zlib

_GZIP = b"\x1f\x8b"
# A sitemap may be 50 MB; what is read of it, 50,000 short addresses, fits into a third.
MAX_UNPACKED = 16 << 20


def unpacked(body: bytes) -> bytes:
    """The body, decompressed once if it is gzip, and cut at `MAX_UNPACKED`; damaged gzip gives what came before."""
    if not body.startswith(_GZIP):
        return body
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    pieces, size, position = [], 0, 0
    # In pieces, for of a damaged stream zlib gives nothing at all for the piece with the damage.
    while position < len(body) and size < MAX_UNPACKED and not stream.eof:
        waiting = stream.unconsumed_tail or body[position : position + 65_536]
        if not stream.unconsumed_tail:
            position += len(waiting)
        try:
            piece = stream.decompress(waiting, MAX_UNPACKED - size)
        except zlib.error:
            break
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)
