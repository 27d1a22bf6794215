# Everything that guards the product. `just ci` is exactly what CI runs.

# Format, lints, documentation.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# Every test.
test:
    cargo test

# Rewrite expectations and generated pages, and list what was rewritten.
bless:
    cargo run -q -p einstep-dev --example generate -- write
    EINSTEP_BLESS=1 cargo test -q -p einstep-tests --test suite --test corpus --test functions --test reorder

# The reference pages are current, and the API documentation has no warnings.
docs:
    cargo run -q -p einstep-dev --example generate -- check
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Measure the workloads: `just bench A C1`; `--quick` only asks whether their answers are right, `--write` updates the docs.
bench *OPTIONS:
    cargo build -q --release -p einstep-cli
    cargo run -q --release -p einstep-bench --example bench -- {{OPTIONS}}

# Measure einstep beside SymPy, tensorgrad, Symbolica and FORM, where they are installed.
bench-peers:
    cargo build -q --release -p einstep-bench --example bench
    python3 crates/einstep-bench/peers/peers.py

# Measure the answers on the corpus: `just corpus --verbose`, `--id PREFIX`, `--tags`, `--time`, `--bless`.
corpus *OPTIONS:
    cargo run -q -p einstep-tests --example corpus -- {{OPTIONS}}

# Derive random problems: `just random --count 10000 --seed 1`.
random *OPTIONS:
    cargo run -q -p einstep-tests --example random -- {{OPTIONS}}

# Derive the problems with every function, or with one: `just functions softmax --verbose`.
functions *OPTIONS:
    cargo run -q -p einstep-tests --example functions -- {{OPTIONS}}

# Derive random problems in two orders of their terms and factors: `just reorder --count 1000`.
reorder *OPTIONS:
    cargo run -q -p einstep-tests --example reorder -- {{OPTIONS}}

# Open pages in Chromium; compile the suite with LaTeX and Typst, read its Markdown.
formats:
    tests/browser/run
    tests/formats/run

# What CI runs.
ci:
    bash .ci/run
