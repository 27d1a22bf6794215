"""One derivative in one package: worker.py PACKAGE KIND SIZE prints the least time in seconds.

Kinds: `form` is x'*A1*…*Ak*x by x, `trace` is tr(V*X*W) by X, `power` is tr(A*X*A*X*…) by X with k times A*X.
"""
import sys
import time

package, kind, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
BUDGET = 2.0


def factors():
    """Names with the indices of their slots, and the variable."""
    if kind == "form":
        return [("x", (0,)), *((f"A{k}", (k, k + 1)) for k in range(size)), ("x", (size,))], "x"
    if kind == "trace":
        return [("V", (0, 1)), ("X", (1, 2)), ("W", (2, 0))], "X"
    return [("AX"[k % 2], (k, (k + 1) % (2 * size))) for k in range(2 * size)], "X"


def sympy():
    from sympy import MatMul, MatrixSymbol, Symbol, Trace
    from sympy.core.cache import clear_cache
    n = Symbol("n", integer=True, positive=True)

    def run():
        clear_cache()
        names, by = factors()
        symbols = [MatrixSymbol(name, n, 1 if len(slots) == 1 else n) for name, slots in names]
        if kind == "form":
            value = MatMul(symbols[0].T, *symbols[1:])
        else:
            value = Trace(MatMul(*symbols, evaluate=False))
        return value.diff(MatrixSymbol(by, n, 1 if by == "x" else n)).doit()
    return run


def tensorgrad():
    from sympy import Symbol
    from tensorgrad import Product, Variable
    n = Symbol("n")

    def variable(name, order):
        return Variable(name, **{edge: n for edge in "ij"[:order]})

    def run():
        names, by = factors()
        tensors = [variable(name, len(slots)).rename(**dict(zip("ij", (f"e{slot}" for slot in slots)))) for name, slots in names]
        order = 1 if by == "x" else 2
        new = dict(zip("ij"[:order], ("di", "dj")))
        return Product(tensors).grad(variable(by, order), new).full_simplify()
    return run


def symbolica():
    from symbolica import E, S
    delta = S("d", is_symmetric=True)
    x_, y_, z_ = S("x_", "y_", "z_")
    names, by = factors()
    free = [S("a"), S("b")]
    index = {slot: S(f"i{slot}") for _, slots in names for slot in slots}
    heads = {name: S(name) for name, _ in names}
    rules = {}
    for name, slots in names:
        head = heads[name]
        if len(slots) == 1:
            rules[name] = [(delta(x_, y_) * head(y_), head(x_))]
        else:
            rules[name] = [(delta(x_, y_) * head(y_, z_), head(x_, z_)), (delta(x_, y_) * head(z_, y_), head(z_, x_))]
    rules = [rule for some in rules.values() for rule in some] + [(delta(x_, y_) * delta(y_, z_), delta(x_, z_))]

    def run():
        total = E("0")
        for position in (k for k, (name, _) in enumerate(names) if name == by):
            term = E("1")
            for k, (name, slots) in enumerate(names):
                if k == position:
                    for slot, at in zip(slots, free):
                        term = term * delta(index[slot], at)
                else:
                    term = term * heads[name](*(index[slot] for slot in slots))
            before = None
            while before != term:
                before = term
                for pattern, result in rules:
                    term = term.replace(pattern, result, repeat=True)
            total = total + term.canonize_tensors([(slot, 0) for slot in index.values()])[0]
        return total
    return run


run = {"sympy": sympy, "tensorgrad": tensorgrad, "symbolica": symbolica}[package]()
start, least = time.perf_counter(), float("inf")
while least == float("inf") or time.perf_counter() - start < BUDGET:
    begin = time.perf_counter()
    run()
    least = min(least, time.perf_counter() - begin)
print(least)
