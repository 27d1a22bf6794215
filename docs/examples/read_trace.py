#!/usr/bin/env python3
"""An independent reader of einstep traces, the format of ../trace.md. It needs Python 3.8 and nothing else.

    read_trace.py FILE...      a file holds one trace, or one on each line; `-` is standard input

It prints every chain of equalities from the nodes alone, in one-line index notation, and evaluates both sides of every
step: exactly, in fractions, at random small entries and sizes that are all different, with dual numbers for derivatives.
A step is `equal`, `unequal`, or `not rational` where something in it has no exact value here: a function such as exp, a
matrix of declared structure, a symbol of a lemma. The exit code is 1 where something is unequal, 2 where a file can't be read.
"""

import json
import random
import sys
from fractions import Fraction
from functools import cache, reduce
from itertools import product
from math import prod

POINTS = 4  # how many points are drawn before a division by zero is given up
MAX_WORK = 50_000  # the greatest number of values at one point


class NotRational(Exception):
    """What has no exact value here."""


class Jet:
    """A number a + b ε₁ + c ε₂ + d ε₁ε₂ with every ε² = 0, as {set of ε: coefficient}. A coefficient is a derivative."""

    def __init__(self, parts):
        self.parts = {eps: part for eps, part in parts.items() if part}

    def __eq__(self, other):
        return self.parts == other.parts

    def __add__(self, other):
        return Jet({eps: self.parts.get(eps, 0) + other.parts.get(eps, 0) for eps in {**self.parts, **other.parts}})

    def __mul__(self, other):
        pairs = [(a | b, x * y) for a, x in self.parts.items() for b, y in other.parts.items() if not a & b]
        return Jet({eps: sum(part for own, part in pairs if own == eps) for eps, _ in pairs})

    def inverse(self):
        real = 1 / Fraction(self.parts.get(frozenset(), 0))
        rest = self * number(-real) + number(1)  # 1/(1 - rest) is 1 + rest + rest² + ..., which ends
        return number(real) * (number(1) + rest * (number(1) + rest))

    def derivative(self, eps):
        return Jet({own - {eps}: part for own, part in self.parts.items() if eps in own})


def number(value):
    return Jet({frozenset(): Fraction(value)})


# A value is a list of rows of numbers; that of a scalar has one row and one column.

def times(a, b):
    return [[sum((x * y for x, y in zip(row, column)), number(0)) for column in zip(*b)] for row in a]


def each(function, a, b):
    """A function of corresponding entries; a scalar stands beside every entry."""
    if len(a) * len(a[0]) == 1:
        a = [a[0] * len(b[0])] * len(b)
    if len(b) * len(b[0]) == 1:
        b = [b[0] * len(a[0])] * len(a)
    return [[function(x, y) for x, y in zip(*rows)] for rows in zip(a, b)]


def transpose(a):
    return [list(column) for column in zip(*a)]


def det(a):
    @cache
    def minor(columns):  # of the first rows, expanded along the last of them
        last = len(columns) - 1
        rest = lambda j: minor(columns[:j] + columns[j + 1:])
        terms = (number((-1) ** (last + j)) * a[last][column] * rest(j) for j, column in enumerate(columns))
        return sum(terms, number(0)) if columns else number(1)

    return minor(tuple(range(len(a))))


def adj(a):
    n = range(len(a))
    minor = lambda i, j: [[a[k][l] for l in n if l != j] for k in n if k != i]
    return [[number((-1) ** (i + j)) * det(minor(j, i)) for j in n] for i in n]


CALLS = {  # the functions of one array that have a value here
    "tr": lambda a: [[sum((a[i][i] for i in range(len(a))), number(0))]],
    "sum": lambda a: [[sum((x for row in a for x in row), number(0))]],
    "det": lambda a: [[det(a)]],
    "inv": lambda a: each(Jet.__mul__, adj(a), [[det(a).inverse()]]),
    "adj": adj,
    "vec": lambda a: [[x] for column in transpose(a) for x in column],
}


def children(node):
    """The children of a node, in the order in which paths count them."""
    own = [node[name] for name in ("arg", "base", "of", "body", "by") if name in node]
    own = node.get("args", []) + sum(node.get("blocks", []), []) + own
    return own + ([node["exponent"]] if node["op"] == "power" else [])


class Trace:
    """The tables of a trace, and its nodes as text."""

    def __init__(self, document):
        if document["format"] != "einstep-trace/1":
            raise ValueError(f"the format is {document['format']}")
        self.document, self.nodes, self.free = document, document["nodes"], []
        for node in self.nodes:  # children stand before their parents
            free = {index for child in children(node) for index in self.free[child]} - set(node.get("over", []))
            self.free.append(sorted(free | set(node.get("at", []))))

    def text(self, at, level=0):
        """A node in one line; level 1 stands in a product, level 2 below a power or an index."""
        node = self.nodes[at]
        parts = lambda level: [self.text(child, level) for child in children(node)]
        letters = "".join(self.document["indices"][index]["name"] for index in node.get("at") or node.get("over", []))
        text, own = {
            "number": lambda: (node["value"], 1 if {*node["value"]} & {*"-/"} else 2),
            "size": lambda: (node["dim"], 0),
            "symbol": lambda: (self.document["symbols"][node["symbol"]]["name"], 2),
            "add": lambda: (" + ".join(parts(0)).replace("+ -", "- "), 0),
            "mul": lambda: (" ".join(parts(1)), 1),
            "matmul": lambda: (" ".join(parts(1)), 1),
            "hadamard": lambda: (" ⊙ ".join(parts(2)), 1),
            "transpose": lambda: (parts(2)[0] + "'", 2),
            "power": lambda: ("^".join(parts(2)), 1),
            "matpow": lambda: (f"{parts(2)[0]}^{node['exponent']}", 1),
            "block": lambda: ("[" + "; ".join(", ".join(self.text(b) for b in row) for row in node["blocks"]) + "]", 2),
            "elem": lambda: (f"{parts(2)[0]}_{letters}", 2),
            "array": lambda: (f"[{parts(0)[0]}]_{letters}", 2),
            "sum": lambda: (f"Σ_{letters} {parts(1)[0]}", 0),
            "prod": lambda: (f"Π_{letters} {parts(1)[0]}", 0),
            "delta": lambda: (f"δ_{letters}", 2),
            "eps": lambda: (f"ε_{letters}", 2),
            "partial": lambda: ("∂({})/∂{}".format(*parts(0)), 1),
            "call": lambda: (f"{node['name']}({', '.join(parts(0))})", 2),
            "fn": lambda: (f"{node['name']}({parts(0)[0]})", 2),
        }.get(node["op"], lambda: (node["op"], 2))()
        return f"({text})" if own < level else text


class Point:
    """Random entries and sizes, and the values of nodes there."""

    def __init__(self, trace, seed):
        self.trace, self.known, names = trace, {}, [dim["name"] for dim in trace.document["dims"]]
        self.draw = random.Random(seed)
        literals = [int(index["name"]) for index in trace.document["indices"] if index["role"] == "literal"]
        least = max([2, *literals])
        self.sizes = dict(zip(names, self.draw.sample(range(least, least + len(names)), len(names))))
        self.entries = {}

    def size(self, dim):
        """A dimension is a sum of products of names and integers."""
        return sum(prod(self.sizes.get(k) or int(k) for k in term.split("*")) for term in dim.split(" + "))

    def symbol(self, at, near):
        symbol = self.trace.document["symbols"][at]
        if symbol["properties"] or "depends" in symbol:
            raise NotRational(symbol["name"])
        rows, *others = [*map(self.size, symbol["shape"]), 1, 1]
        cols = prod(others)
        if at not in self.entries:
            self.entries[at] = [[self.draw.randint(1, 9) * self.draw.choice((-1, 1)) for _ in range(cols)] for _ in range(rows)]
        slopes = lambda i, j: {frozenset([eps]): Fraction(own == (at, i, j)) for eps, own in enumerate(near)}
        entry = lambda i, j: Jet({frozenset(): Fraction(self.entries[at][i][j]), **slopes(i, j)})
        return [[entry(i, j) for j in range(cols)] for i in range(rows)]

    def positions(self, over):
        return [dict(zip(over, at)) for at in product(*map(self.run, over))]

    def run(self, index):
        """The positions of an index; a literal one has the position that it is named after, counted from 1."""
        index = self.trace.document["indices"][index]
        return [int(index["name"]) - 1] if index["role"] == "literal" else range(self.size(index["dim"]))

    def position(self, at, rows, where):
        """The row and the column of an element: the first indices, until their dimensions multiply to the rows, name the row."""
        row = column = 0
        for index in at:
            size = self.size(self.trace.document["indices"][index]["dim"])
            if rows > 1:
                row, rows = row * size + where[index], rows // size
            else:
                column = column * size + where[index]
        return row, column

    def value(self, at, where, near=()):
        """The value of a node with positions for its free indices; the entries `near` are perturbed, each by its own ε."""
        key = (at, near, *(where[index] for index in self.trace.free[at]))
        if key not in self.known:
            self.known[key] = self.computed(self.trace.nodes[at], where, near)
            if len(self.known) > MAX_WORK:
                raise NotRational("too many values")
        return self.known[key]

    def computed(self, node, where, near):
        op, of = node["op"], lambda child: self.value(child, where, near)
        if op == "number":
            return [[number(node["value"])]]
        if op == "size":
            return [[number(self.size(node["dim"]))]]
        if op == "symbol":
            return self.symbol(node["symbol"], near)
        if op == "identity":
            n = range(self.size(node["dim"]))
            return [[number(i == j) for j in n] for i in n]
        if op in ("ones", "zeros"):
            rows, cols = [*map(self.size, node["shape"]), 1, 1][:2]
            return [[number(op == "ones")] * cols] * rows
        if op in ("matmul", "matpow"):
            return reduce(times, map(of, node.get("args") or [node["base"]] * node["exponent"]))
        if op in ("add", "mul", "hadamard"):
            entry = Jet.__add__ if op == "add" else Jet.__mul__
            return reduce(lambda a, b: each(entry, a, b), map(of, node["args"]))
        if op == "block":
            return [sum(parts, []) for row in node["blocks"] for parts in zip(*map(of, row))]
        if op == "transpose":
            return transpose(of(node["arg"]))
        if op == "power" and "/" not in self.trace.nodes[node["exponent"]].get("value", "/"):
            exponent = int(self.trace.nodes[node["exponent"]]["value"])
            power = lambda x: prod([x if exponent > 0 else x.inverse()] * abs(exponent), start=number(1))
            return [[power(x) for x in row] for row in of(node["base"])]
        if op == "call" and node["name"] in CALLS and len(node["args"]) == 1:
            return CALLS[node["name"]](of(node["args"][0]))
        if op == "elem":
            array = of(node["of"])
            row, column = self.position(node["at"], len(array), where)
            return [[array[row][column]]]
        if op == "array":
            rows, cols = self.positions(node["over"][:node["rows"]]), self.positions(node["over"][node["rows"]:])
            return [[self.value(node["body"], {**where, **i, **j}, near)[0][0] for j in cols] for i in rows]
        if op == "delta":
            return [[number(where[node["at"][0]] == where[node["at"][1]])]]
        if op in ("sum", "prod"):
            terms = [self.value(node["body"], {**where, **at}, near)[0][0] for at in self.positions(node["over"])]
            return [[sum(terms, number(0)) if op == "sum" else prod(terms, start=number(1))]]
        if op == "partial" and len(near) < 2:
            by = self.trace.nodes[node["by"]]
            symbol = self.trace.nodes[by["of"]]["symbol"] if by["op"] == "elem" else by["symbol"]
            at = self.position(by.get("at", []), len(self.symbol(symbol, near)), where)
            return [[self.value(node["body"], where, (*near, (symbol, *at)))[0][0].derivative(len(near))]]
        raise NotRational(node.get("name", op))


def compared(trace, pairs):
    """Whether pairs of nodes are equal for all values of their free indices."""
    for seed in range(POINTS):
        point = Point(trace, seed)
        try:
            for left, right in pairs:
                for where in point.positions(sorted({*trace.free[left], *trace.free[right]})):
                    if point.value(left, where) != point.value(right, where):
                        return "unequal"
            return "equal"
        except ZeroDivisionError:
            pass
        except NotRational as reason:
            return f"not rational: {reason}"
    return "not rational: a division by zero"


def told(trace, line, steps, indent="  "):
    """Prints the steps that lead on from a line. The answer is the last line, and the steps that are wrong."""
    wrong = []
    for step in steps:
        follows = step["before"] == line
        verdict = compared(trace, [(step["before"], step["after"]), *step["replaced"]]) if follows else "unequal"
        print(f"{indent}= {trace.text(step['after'])}   [{step['rule']}: {verdict}]")
        finer = told(trace, step["replaced"][0][0], step.get("steps", []), indent + "      ")[1]
        wrong += [step["id"]] * (verdict == "unequal") + finer
        line = step["after"]
    return line, wrong


def joined(trace, document, begins, ends):
    """Whether the chains, from their first nodes to their last, lead from the question to the answer."""
    result, node = document["result"]["node"], document["problem"]["node"]
    if "task" in document["problem"]:
        ((name, left),) = begins.items()
        return ends[name] == result and node in (left, *trace.nodes[left].values())
    # The element differentiates the last line of the value, the matrix stacks that of the element; the end is the answer.
    element = begins["element"]
    for _ in document["problem"]["wrt"]:
        element = trace.nodes[element].get("body")
    matrix = trace.nodes[begins["matrix"]].get("body")
    if element != ends["value"] or ends["element"] not in (matrix, begins["matrix"]):
        return False
    if "layout" in begins and trace.nodes[begins["layout"]] != {"op": "transpose", "arg": ends["matrix"]}:
        return False
    return ends.get("layout", ends["matrix"]) == result


def walk(document):
    """Prints a trace. The answer is what is wrong in it."""
    trace, ends, wrong = Trace(document), {}, []
    print(document["problem"]["text"])
    for chain in document["chains"]:
        print(f"\n{chain['id']}\n    {trace.text(chain['left'])}")
        ends[chain["id"]], found = told(trace, chain["left"], chain["links"])
        wrong += found
    begins = {chain["id"]: chain["left"] for chain in document["chains"]}
    if not joined(trace, document, begins, ends):
        wrong.append("the joins of the chains")
    print(f"\nanswer: {trace.text(document['result']['node'])}\nunequal: {wrong or 'nothing'}\n")
    return wrong


def documents(name):
    with sys.stdin if name == "-" else open(name, encoding="utf-8") as file:
        text = file.read()
    lines = [text] if text.startswith("{\n") else text.splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def main(names):
    sys.setrecursionlimit(10_000)
    try:
        return int(any([walk(document) for name in names for document in documents(name)]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"this can't be read: {error!r}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
