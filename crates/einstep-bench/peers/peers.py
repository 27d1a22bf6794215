"""einstep beside SymPy, tensorgrad, Symbolica and FORM, on one machine in one run.

In: nothing; the environment variable PYTHON names the Python with the packages, FORM the program.
Out: a table on standard output: milliseconds of each, and how many times as long as einstep it takes.
Symbolica and FORM differentiate in index form and don't bring the answer back to matrices; none keeps the steps.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.environ.get("PYTHON", sys.executable)
FORM = os.environ.get("FORM", "form")
BENCH = os.path.join(HERE, "../../../target/release/examples/bench")
LIMIT = 60

# The name of einstep's series, the size, and the same problem for the worker: a product of matrices, and the variable.
CASES = [
    ("A derive", "d/dx x'*B*x", "form", 1),
    ("A derive", "d/dX tr(V*X*W)", "trace", 1),
    ("C1 equal factors", "4", "power", 4),
    ("C1 equal factors", "16", "power", 16),
    ("C1 equal factors", "64", "power", 64),
    ("C3 quadratic form", "10", "form", 10),
    ("C3 quadratic form", "100", "form", 100),
]


def einstep():
    """The times of einstep's own table in seconds, by series and size."""
    names = sorted({name for name, _, _, _ in CASES})
    table = subprocess.run([BENCH, "--no-count", *names], capture_output=True, text=True, check=True).stdout
    times = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        number, _, unit = cells[2].partition(" ") if len(cells) > 2 else ("", "", "")
        if unit in ("ns", "µs", "ms", "s"):
            times[cells[0], cells[1]] = float(number) * {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1}[unit]
    return times


def python_peer(package, kind, size):
    """The least time of a worker in seconds, or why there is none."""
    command = [PYTHON, os.path.join(HERE, "worker.py"), package, kind, str(size)]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return f"> {LIMIT} s"
    if "ModuleNotFoundError" in found.stderr:
        return "not installed"
    return float(found.stdout) if found.returncode == 0 and found.stdout else "fails"


def form_program(kind, size, copies):
    if kind == "form":
        factors = ["x(i0)", *(f"M{k}(i{k},i{k + 1})" for k in range(size)), f"x(i{size})"]
        rule, count = "id x(ia?) = x(ia)+eps*d_(ia,a);", size + 1
    elif kind == "trace":
        factors, count = ["V(i0,i1)", "X(i1,i2)", "W(i2,i0)"], 3
        rule = "id X(ia?,ib?) = X(ia,ib)+eps*d_(ia,a)*d_(ib,b);"
    else:
        count = 2 * size
        factors = [f"{'AX'[k % 2]}(i{k},i{(k + 1) % count})" for k in range(count)]
        rule = "id X(ia?,ib?) = X(ia,ib)+eps*d_(ia,a)*d_(ib,b);"
    indices = ",".join(f"i{k}" for k in range(count))
    return f"""#-
Autodeclare Index i;
Index a,b,ia,ib;
CF A,V,W,X,x,f;
Autodeclare CF M;
S t,eps(:1);
L F = sum_(t,1,{copies},f(t));
.sort
id f(t?) = f(t)*{"*".join(factors)};
sum {indices};
{rule}
if (count(eps,1)!=1) discard;
id eps=1;
.end
"""


def form_peer(kind, size):
    """The time of one of many copies in seconds: what the start of the process takes is subtracted."""
    if not shutil.which(FORM):
        return "not installed"

    def run(copies):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "problem.frm")
            with open(path, "w") as file:
                file.write(form_program(kind, size, copies))
            start = time.perf_counter()
            done = subprocess.run([FORM, path], capture_output=True, timeout=LIMIT)
            return time.perf_counter() - start if done.returncode == 0 else None

    try:
        copies = 1
        start = run(copies)
        while start is not None and copies < 100_000:
            copies *= 10
            whole = run(copies)
            if whole is None:
                return "fails"
            if whole > 1:
                return max(whole - start, 0) / (copies - 1)
        return "fails" if start is None else max(whole - start, 0) / (copies - 1)
    except subprocess.TimeoutExpired:
        return f"> {LIMIT} s"


def shown(found, ours):
    if isinstance(found, str):
        return found
    return f"{found * 1e3:.3g} ms" + (f", {found / ours:.3g}×" if ours else "")


def main():
    ours = einstep()
    peers = ["sympy", "tensorgrad", "symbolica"]
    print("| workload | size | einstep | " + " | ".join(peers) + " | FORM |")
    print("| --- " * (len(peers) + 4) + "|")
    for name, size, kind, count in CASES:
        own = ours.get((name, size))
        row = [name, size, f"{own * 1e3:.3g} ms" if own else "-"]
        row += [shown(python_peer(peer, kind, count), own) for peer in peers]
        row.append(shown(form_peer(kind, count), own))
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
