"""What both guests of a run have in common: their limits, and how values cross between them.

A value crosses as data, `[kind, content]`, and is built anew on the other side from plain types only: nothing of what the
program under test defines (an `__eq__` that is always true, say) ever comes to where its answers are judged.
"""

import collections.abc
import decimal
import fractions
import json
import os
import resource

MAX_DEPTH = 200
MAX_ITEMS = 1_000_000
VIEWS = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}


def limit(limits):
    """Hard limits: who runs here can lower them, never raise them. And no descriptors but those of the guest, whatever the agent was started with."""
    os.closerange(5, 1 << 16)
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))
    silence = os.open("/dev/null", os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(silence, fd)
    os.close(silence)


class Channel:
    """Lines of JSON over one descriptor, in both directions."""

    def __init__(self, fd):
        self._fd = fd
        self._rest = b""

    def send(self, value):
        data = memoryview(json.dumps(value).encode() + b"\n")
        while data:
            data = data[os.write(self._fd, data) :]

    def receive(self):
        """The next line's value; EOFError where there is none."""
        parts = [self._rest]
        while b"\n" not in parts[-1]:
            part = os.read(self._fd, 1 << 16)
            if not part:
                raise EOFError
            parts.append(part)
        line, self._rest = b"".join(parts).split(b"\n", 1)
        return json.loads(line)


class Opaque:
    """Stands for a value that does not cross. It is equal to nothing but itself."""

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return "<" + self._name + ", which only the program itself can use>"


def pack(value, depth=0):
    """Its data. By the exact type first; of a subclass only what the plain type holds."""
    if depth > MAX_DEPTH:
        return ["opaque", "a value of great depth"]
    kind = type(value)
    if value is None or kind is bool:
        return ["plain", value]
    if value is Ellipsis:
        return ["ellipsis", None]
    if isinstance(value, int):
        return ["int", format(int(value), "x")]
    if isinstance(value, float):
        return ["float", float.hex(value)]
    if isinstance(value, complex):
        return ["complex", [float.hex(value.real), float.hex(value.imag)]]
    if isinstance(value, str):
        return ["plain", str.__str__(value)]
    if isinstance(value, (bytes, bytearray)):
        return ["bytearray" if isinstance(value, bytearray) else "bytes", bytes(value).hex()]
    for plain in (list, tuple, set, frozenset):
        if isinstance(value, plain):
            return [plain.__name__, [pack(item, depth + 1) for item in plain.__iter__(value)]]
    if isinstance(value, dict):
        return ["dict", [[pack(k, depth + 1), pack(v, depth + 1)] for k, v in dict.items(value)]]
    if kind is range:
        return ["range", [format(n, "x") for n in (value.start, value.stop, value.step)]]
    if kind is decimal.Decimal:
        return ["decimal", str(value)]
    if kind is fractions.Fraction:
        return ["fraction", [format(value.numerator, "x"), format(value.denominator, "x")]]
    if kind in VIEWS:
        return [VIEWS[kind], [pack(item, depth + 1) for item in value]]
    if isinstance(value, collections.abc.Iterator):
        items = []
        for item in value:
            if len(items) >= MAX_ITEMS:
                return ["opaque", "an iterator without an end in sight"]
            items.append(pack(item, depth + 1))
        return ["iterator", items]
    return ["opaque", "a value of the type " + kind.__name__[:100]]


def unpack(data):
    kind, content = data
    build = BUILDERS.get(kind)
    return build(content) if build else Opaque(str(content))


def items_of(content):
    return [unpack(item) for item in content]


BUILDERS = {
    "plain": lambda c: c if c is None or isinstance(c, (bool, str)) else Opaque("a value of no kind"),
    "ellipsis": lambda c: Ellipsis,
    "int": lambda c: int(c, 16),
    "float": float.fromhex,
    "complex": lambda c: complex(float.fromhex(c[0]), float.fromhex(c[1])),
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "list": items_of,
    "tuple": lambda c: tuple(items_of(c)),
    "set": lambda c: set(items_of(c)),
    "frozenset": lambda c: frozenset(items_of(c)),
    "dict": lambda c: {unpack(k): unpack(v) for k, v in c},
    "range": lambda c: range(*(int(n, 16) for n in c)),
    "decimal": decimal.Decimal,
    "fraction": lambda c: fractions.Fraction(int(c[0], 16), int(c[1], 16)),
    "keys": lambda c: dict.fromkeys(items_of(c)).keys(),
    "values": lambda c: dict(enumerate(items_of(c))).values(),
    "items": lambda c: dict(items_of(c)).items(),
    "iterator": lambda c: iter(items_of(c)),
}
