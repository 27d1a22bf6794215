//! Random problems with block matrices.
//!
//! In: a seed. Out: problems whose value is made of blocks, each block an expression of the grammar. Left to others: the
//! expressions in the blocks. Their sequence is their own: that of the other problems stays as it is.

use super::grammar::Grammar;
use super::symbols::{Dim, SYMBOLS, Shape, Symbol};
use super::tree::{Head, Tree};
use super::{Problem, Random};
use einstep::trace::Reading;

/// A value made of blocks: its text with `p_0`, `p_1`, .. for the blocks, and their shapes.
type Form = (&'static str, &'static [Shape]);

const M: Dim = Dim::M;
const N: Dim = Dim::N;
const K: Dim = Dim::K;
const ONE: Dim = Dim::One;

const fn of(rows: Dim, cols: Dim) -> Shape {
    Shape::new(rows, cols)
}

/// Scalars.
const SCALARS: &[Form] = &[
    ("sum(tanh([p_0; p_1]))", &[of(M, ONE), of(N, ONE)]),
    ("[p_0; p_1]'*[p_2; p_3]", &[of(M, ONE), of(N, ONE), of(M, ONE), of(N, ONE)]),
    ("norm([p_0, p_1; p_2, 0])^2", &[of(M, N), of(M, K), of(K, N)]),
    (
        "tr([p_0, p_1; p_2, p_3]*[p_4, p_5; p_6, p_7])",
        &[of(M, N), of(M, K), of(K, N), of(K, K), of(N, M), of(N, K), of(K, M), of(K, K)],
    ),
    ("p_0*sum([p_1 .* p_2; p_3])", &[of(ONE, ONE), of(N, K), of(N, K), of(M, K)]),
    ("[p_0; 1]'*[p_1, p_2; p_3', p_4]*[p_0; 1]", &[of(N, ONE), of(N, N), of(N, ONE), of(N, ONE), of(ONE, ONE)]),
    ("logsumexp([p_0; p_1])", &[of(M, ONE), of(N, ONE)]),
    ("tr([p_0, p_1; p_2, p_3]^2)", &[of(N, N), of(N, M), of(M, N), of(M, M)]),
    ("det([p_0, p_1; 0, p_2])", &[of(N, N), of(N, M), of(M, M)]),
    ("sum(exp([p_0; p_1]*p_2))", &[of(M, N), of(K, N), of(N, ONE)]),
];

/// Columns.
const COLUMNS: &[Form] = &[
    ("[p_0; p_1]", &[of(M, ONE), of(N, ONE)]),
    ("p_0*[p_1; p_2; p_0]", &[of(ONE, ONE), of(M, ONE), of(N, ONE)]),
    ("[p_0, p_1]*[p_2; p_3]", &[of(M, N), of(M, K), of(N, ONE), of(K, ONE)]),
    ("exp([p_0; p_1]) - [p_2; zeros(n)]", &[of(M, ONE), of(N, ONE), of(M, ONE)]),
    ("softmax([p_0; p_1])", &[of(M, ONE), of(N, ONE)]),
];

/// Matrices, to be derived by a scalar.
const MATRICES: &[Form] = &[
    ("[p_0, p_1; p_2, p_3]", &[of(M, N), of(M, K), of(K, N), of(K, K)]),
    ("[p_0; p_1]*[p_2, p_3]", &[of(M, K), of(N, K), of(K, N), of(K, M)]),
    ("[p_0, p_1]'", &[of(M, N), of(M, K)]),
    ("kron([p_0, p_1],p_2)", &[of(M, N), of(M, K), of(K, ONE)]),
];

impl Problem {
    /// The problem with blocks of a number in the sequence of a seed, each block of a size at most about as given.
    pub fn of_blocks(seed: u64, number: u64, size: usize) -> Problem {
        let mut random = Random::new(seed ^ number.wrapping_mul(0xa076_1d64_78bd_642f));
        loop {
            let suits = |symbol: &&Symbol| symbol.properties.is_empty() && !symbol.shape.is_row();
            let candidates: Vec<&Symbol> = SYMBOLS.iter().filter(suits).collect();
            let Some(&by) = random.choose(&candidates) else { continue };
            let forms: Vec<Form> = match by.shape {
                shape if shape.is_matrix() => SCALARS.to_vec(),
                shape if shape.is_scalar() => [SCALARS, COLUMNS, MATRICES].concat(),
                _ => [SCALARS, COLUMNS].concat(),
            };
            let Some(&(text, shapes)) = random.choose(&forms) else { continue };
            let mut parts = Vec::with_capacity(shapes.len());
            for shape in shapes {
                let budget = 1 + random.below(size);
                parts.push(Grammar { random: &mut random, by }.tree(*shape, budget));
            }
            let tree = Tree::new(Shape::SCALAR, Head::Template(text), parts);
            let problem = Problem { tree, by: vec![by], reading: Reading::Free };
            if problem.is_sound() {
                return problem;
            }
        }
    }
}
