//! Lemmas: what rules say of the derivatives of inverses, determinants and the like, derived in chains of their own.
//!
//! In: the lemmas that a derivation uses. Out: a chain for each, over symbols of its own. Left to others: every single rule,
//! and the step that uses a lemma.
//!
//! A lemma is about a matrix or a scalar that depends on a parameter t. So it holds for whatever is put for them, and for
//! whatever is differentiated by in place of t: it is used by substitution.

use crate::limits::Limits;
use crate::names::name_rest;
use crate::passes::{Chain, DIFFERENTIATE};
use crate::rules::{collect, contract, differentiate, lemmas, lower};
use crate::work::{Link, Work};
use einstep_expr::{Dim, Function, Id, Index, Node, Role, Scalar, Shape, Store, Symbol, SymbolInfo};
use einstep_trace::Phase;

/// A lemma.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lemma {
    Inverse,
    Determinant,
    Sigmoid,
    Tanh,
    Softplus,
}

impl Lemma {
    /// Every one, in the order in which they stand.
    const ALL: [Lemma; 5] = [Lemma::Inverse, Lemma::Determinant, Lemma::Sigmoid, Lemma::Tanh, Lemma::Softplus];

    /// The id of its chain.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Lemma::Inverse => "lemma:inverse",
            Lemma::Determinant => "lemma:det",
            Lemma::Sigmoid => "lemma:sigmoid",
            Lemma::Tanh => "lemma:tanh",
            Lemma::Softplus => "lemma:softplus",
        }
    }
}

/// A use of a lemma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Citation {
    pub(crate) lemma: Lemma,
    /// What is put for its matrix or scalar.
    pub(crate) of: Id,
    /// What is put for its parameter.
    pub(crate) by: Id,
}

/// A lemma, the symbol in it that depends on the parameter, and its chain.
#[derive(Debug)]
pub(crate) struct Derived {
    pub(crate) lemma: Lemma,
    pub(crate) symbol: Symbol,
    pub(crate) chain: Chain,
}

/// The lemmas of a derivation.
#[derive(Debug, Default)]
pub(crate) struct Lemmas {
    /// Each that is used, once.
    pub(crate) derived: Vec<Derived>,
    /// The parameter.
    pub(crate) parameter: Option<Symbol>,
    /// The name of the dimension of matrices.
    pub(crate) dim: Option<String>,
}

impl Lemmas {
    /// Derives the lemmas that some links use.
    pub(crate) fn of(links: &[Link], names: &[String], store: &mut Store, left_over: &mut Limits) -> Lemmas {
        let mut used = Vec::new();
        cited(links, &mut used);
        let mut derived = Lemmas::default();
        let mut author = Author { names, store, left_over };
        let (mut matrix, mut scalar) = (None, None);
        for lemma in Lemma::ALL.into_iter().filter(|lemma| used.contains(lemma)) {
            let parameter = *derived.parameter.get_or_insert_with(|| author.symbol(&["t", "s", "r"], Dim::ONE, None));
            let symbol = match lemma {
                Lemma::Inverse | Lemma::Determinant => *matrix.get_or_insert_with(|| {
                    let name = author.unused(&["n", "m", "k"]);
                    let dim = author.store.dims.name(derived.dim.insert(name));
                    author.symbol(&["A", "B", "C", "M", "G"], dim, Some(parameter))
                }),
                Lemma::Sigmoid | Lemma::Tanh | Lemma::Softplus => {
                    *scalar.get_or_insert_with(|| author.symbol(&["u", "v", "z", "f"], Dim::ONE, Some(parameter)))
                }
            };
            derived.derived.push(Derived { lemma, symbol, chain: author.chain(lemma, symbol, parameter) });
        }
        derived
    }

    /// The symbol of a lemma that depends on the parameter.
    pub(crate) fn symbol_of(&self, lemma: Lemma) -> Option<Symbol> {
        self.derived.iter().find(|derived| derived.lemma == lemma).map(|derived| derived.symbol)
    }

    /// Whether the symbol of a number belongs to lemmas.
    pub(crate) fn owns(&self, number: usize) -> bool {
        self.parameter.is_some_and(|parameter| parameter.number() == number) || self.parameter_of(number).is_some()
    }

    /// The parameter that the symbol of a number depends on.
    pub(crate) fn parameter_of(&self, number: usize) -> Option<Symbol> {
        self.parameter.filter(|_| self.derived.iter().any(|derived| derived.symbol.number() == number))
    }
}

/// The lemmas that links and their finer steps use.
fn cited(links: &[Link], used: &mut Vec<Lemma>) {
    for link in links {
        used.extend(link.places.iter().flat_map(|place| &place.cites).map(|citation| citation.lemma));
        cited(&link.steps, used);
    }
}

struct Author<'a> {
    /// The names of symbols and dimensions that are taken.
    names: &'a [String],
    store: &'a mut Store,
    left_over: &'a mut Limits,
}

impl Author<'_> {
    /// The first of some names that is not taken, else the first one with a number.
    fn unused(&self, names: &[&str]) -> String {
        let numbered = (1..).map(|number: u32| format!("{}{number}", names[0]));
        let taken = |name: &String| self.names.contains(name);
        names.iter().map(ToString::to_string).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }

    /// A symbol: a scalar, or a square matrix. Without a parameter to depend on it is one.
    fn symbol(&mut self, names: &[&str], dim: Dim, parameter: Option<Symbol>) -> Symbol {
        let name = self.unused(names);
        let shape = Shape { rows: dim, cols: dim };
        let variable = parameter.is_none();
        self.store.symbol(SymbolInfo { name, shape, properties: vec![], declared: false, variable, parameter })
    }

    fn chain(&mut self, lemma: Lemma, symbol: Symbol, parameter: Symbol) -> Chain {
        let [of, by] = [symbol, parameter].map(|symbol| self.store.intern(Node::Symbol(symbol)));
        let dim = self.store.shape(of).rows;
        let body = match lemma {
            Lemma::Inverse => {
                let at = ["i", "j"].map(|letter| self.store.index(dim, Role::Value, letter));
                let inverse = self.store.call(Function::Inv, [of]);
                self.store.elem(inverse, at)
            }
            Lemma::Determinant => self.store.call(Function::Det, [of]),
            Lemma::Sigmoid => self.store.apply(Scalar::Sigmoid, of),
            Lemma::Tanh => self.store.apply(Scalar::Tanh, of),
            Lemma::Softplus => self.store.apply(Scalar::Softplus, of),
        };
        let left = self.store.intern(Node::Partial(body, by));
        let mut work = Work::new(self.store, self.left_over, left, Phase::Differentiate);
        match lemma {
            Lemma::Inverse => inverse(&mut work),
            Lemma::Determinant => determinant(&mut work),
            Lemma::Sigmoid | Lemma::Tanh | Lemma::Softplus => function(&mut work),
        }
        let chain = Chain { id: lemma.id(), left: work.left, end: work.line, links: work.links };
        // What the lemma says has the first letters.
        let mut indices = Vec::new();
        [chain.left, chain.end].into_iter().for_each(|line| collect_indices(self.store, line, &mut indices));
        chain.links.iter().for_each(|link| collect_indices(self.store, link.after, &mut indices));
        name_rest(self.store, &indices);
        chain
    }
}

/// From the definition of the function, by the ordinary rules.
fn function(work: &mut Work<'_>) {
    work.sweep(&lemmas::DEFINITION);
    while work.first_of(DIFFERENTIATE) || work.first_of(&differentiate::FUNCTIONS) {}
    work.phase = Phase::Collect;
    work.exhaust(collect::LOCAL);
    work.exhaust(&[&lemmas::REFLECTION, &lemmas::COMMON]);
}

/// From `inv(A)*A = I`: ∂P = P·A·∂P = P·(∂(A·P) − ∂A·P), where A·P does not change.
fn inverse(work: &mut Work<'_>) {
    work.sweep(&lemmas::INSERT_DELTA);
    work.sweep(&lemmas::IDENTITY);
    work.sweep(&collect::FLATTEN);
    work.sweep(&lemmas::NEST);
    work.sweep(&lemmas::BY_PARTS);
    work.sweep_pending(&lemmas::IDENTITY);
    work.sweep(&differentiate::CONSTANT);
    work.phase = Phase::Collect;
    work.exhaust(&[&collect::ZERO, &collect::FLATTEN, &collect::ARITHMETIC, &collect::SUM_SCALARS]);
}

/// From the expansion along the row of each element, whose cofactors do not contain it.
fn determinant(work: &mut Work<'_>) {
    work.sweep(&lemmas::ELEMENTS);
    work.sweep(&lemmas::EXPANSION);
    work.sweep(&differentiate::PRODUCT);
    work.sweep(&lemmas::COFACTOR);
    work.sweep(&differentiate::ELEMENT);
    work.phase = Phase::Contract;
    work.exhaust(&[&collect::ZERO, &contract::SAME, &collect::ARITHMETIC, &contract::CONTRACT]);
    work.phase = Phase::Collect;
    work.sweep(&lower::ADJUGATE);
    work.sweep(&lower::SCALE);
    work.exhaust(&[&collect::SUM_SCALARS]);
}

/// Every index of a node, in the order in which they are read.
fn collect_indices(store: &Store, id: Id, found: &mut Vec<Index>) {
    let own: Vec<Index> = match store.node(id) {
        Node::Sum(over, _) | Node::Prod(over, _) | Node::Array(over, ..) | Node::Elem(_, over) => over.to_vec(),
        Node::Delta(i, j) => vec![*i, *j],
        _ => vec![],
    };
    for index in own {
        if !found.contains(&index) {
            found.push(index);
        }
    }
    store.node(id).for_each_child(|child| collect_indices(store, child, found));
}

#[cfg(test)]
mod tests {
    use crate::derive::{Options, derive};
    use einstep_syntax::parse_problem;
    use einstep_trace::{Derivation, Origin, text};

    fn derived(problem: &str) -> Derivation {
        derive(&parse_problem(problem, 0).value, &Options::default()).unwrap()
    }

    /// What the lemmas of a derivation say: the two ends of each.
    fn lemmas(derivation: &Derivation) -> Vec<String> {
        let lemmas = derivation.chains.iter().filter(|chain| chain.id.starts_with("lemma:"));
        let side = |node| text(derivation, node).unwrap();
        lemmas.map(|chain| format!("{} = {}", side(chain.left), side(chain.end()))).collect()
    }

    #[test]
    fn lemmas_say_what_their_rules_say() {
        for (problem, lemma) in [
            ("d/dX a'*inv(X)*b", "d/dt inv(A)[i,j] = -sum[k,r](inv(A)[i,k]*(d/dt A[k,r])*inv(A)[r,j])"),
            ("d/dX det(X)", "d/dt det(A) = det(A)*sum[i,j](inv(A)[j,i]*(d/dt A[i,j]))"),
            ("d/dx sum(sigmoid(x))", "d/dt sigmoid(u) = (1 - sigmoid(u))*sigmoid(u)*(d/dt u)"),
            ("d/dx sum(tanh(x))", "d/dt tanh(u) = (1 - tanh(u)^2)*(d/dt u)"),
            ("d/dx sum(softplus(x))", "d/dt softplus(u) = sigmoid(u)*(d/dt u)"),
        ] {
            assert_eq!(lemmas(&derived(problem)), [lemma]);
        }
    }

    #[test]
    fn a_lemma_stands_once_and_only_where_it_is_used() {
        let ids = |problem: &str| derived(problem).chains.into_iter().map(|chain| chain.id).collect::<Vec<_>>();
        let of_problem = ["value", "element", "matrix"];
        assert_eq!(ids("d/dX tr(A*X)"), of_problem);
        assert_eq!(ids("d/dX tr(inv(A)*X) + det(A)"), of_problem);
        let both = ids("d/dX det(X*A)*a'*inv(X)*b + tr(inv(X*A)) + 1/det(X)");
        assert_eq!(both, ["lemma:inverse", "lemma:det", "value", "element", "matrix"]);
    }

    #[test]
    fn symbols_of_lemmas_are_apart_from_those_of_the_problem() {
        let derivation = derived("A, B in R^(n,n); t in R; X in R^(n,n)\nd/dX t*a'*inv(A*X*B)*b");
        let own: Vec<&str> = derivation
            .symbols
            .iter()
            .filter(|symbol| symbol.origin == Origin::Lemma)
            .map(|symbol| symbol.name.as_str())
            .collect();
        assert_eq!(own, ["s", "C"]);
        assert!(derivation.problem.given.iter().all(|given| !given.starts_with("C ") && !given.starts_with("s ")));
        let put = &derivation.chains.iter().find(|chain| chain.id == "element").unwrap().links;
        let step = put.iter().find(|step| step.lemma.is_some()).unwrap();
        assert_eq!(text(&derivation, step.with[0]["C"]).as_deref(), Some("A*X*B"));
        assert_eq!(text(&derivation, step.with[0]["s"]).as_deref(), Some("X[p,q]"));
    }
}
