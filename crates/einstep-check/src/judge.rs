//! Everything that is checked of a derivation, in order; the first fault decides.
//!
//! In: a derivation, the question, the options. Out: a report, or the fault.
//! Left to others: points (`bench`), steps (`walk`), joins (`joins`), the answer (`answer`), `conditions`, `texts`.

use crate::answer;
use crate::bench::{Bench, Structure};
use crate::conditions;
use crate::draw::hash;
use crate::given::{asked, declarations, told};
use crate::joins;
use crate::limits;
use crate::meter::Meter;
use crate::needs;
use crate::sizes::Sizes;
use crate::tables;
use crate::texts;
use crate::ties;
use crate::verdict::{FILE, Fault, Rejection, Report};
use crate::walk::{Walk, compared};
use crate::{Options, Question};
use einstep_syntax::print;
use einstep_trace::{Derivation, FORMAT, Node, NodeId, SymbolId, Table};

/// The greatest number of points for each assignment.
pub(crate) const MAX_POINTS: u32 = 1000;

/// Judges a derivation.
pub(crate) fn judge(
    derivation: &Derivation,
    asked_for: Option<Question<'_>>,
    options: &Options,
) -> Result<Report, Fault> {
    limits::bounded(derivation)?;
    if derivation.format != FORMAT {
        return Err(Fault::reject(FILE, format!("it can't be read: its format is not `{FORMAT}`")));
    }
    let table = Table::read(derivation).map_err(|error| Fault::reject(FILE, format!("it can't be read: {error}")))?;
    let meter = Meter::new(options.work, options.cells);
    limits::ids(derivation, &table, &meter)?;
    tables::check(derivation)?;
    ties::check(derivation)?;
    let given = declarations(derivation)?;
    let asked = asked(derivation, &table, asked_for, &given)?;
    let told = told(derivation, &asked, &given)?;
    let variables = variables(derivation, &asked.by);
    let structured = variables.iter().any(|symbol| !derivation.symbols[symbol.at()].properties.is_empty());
    let undifferentiated = if structured { Structure::Free } else { Structure::Declared };

    let points = options.points.clamp(1, MAX_POINTS);
    let seed = options.seed.unwrap_or_else(|| hash(&format!("{}\n{}", print(&asked.body), derivation.to_json())));
    let texts = [&asked.body, &told[0], &told[1]];
    let mut bench = Bench::new(derivation, &table, &meter, (points, seed), variables, &texts);
    let compared = compared(derivation);
    if may_divide(derivation) {
        bench.choose(Structure::Declared, |world| world.values(&compared).map(drop));
    }
    bench.prepare(&compared, undifferentiated);

    answer::question(&bench, &asked, &texts, undifferentiated)?;
    // A wrong step often breaks a join too, and says more.
    let mut walk = Walk::new(&bench, undifferentiated);
    let rest = || {
        let slots = if asked.task.is_derive() {
            let slots = joins::check(derivation, &table, &asked)?;
            answer::derivative(&bench, &asked, &slots)?;
            slots
        } else {
            let (left, slots) = joins::check_task(derivation, &asked)?;
            answer::same(&bench, left)?;
            slots
        };
        answer::forms(&bench, &slots, &asked, &given)?;
        conditions::check(&bench)?;
        needs::check(&bench)?;
        texts::check(&bench, &given, undifferentiated)
    };
    let found = derivation.chains.iter().try_for_each(|chain| walk.chain(chain)).and_then(|()| rest());
    match (found, walk.citation.take()) {
        // Two values that differ say more than a wrong citation, which says more than any other fault.
        (Err(Fault::Rejected(rejection)), _) if rejection.counterexample.is_some() => {
            return Err(Fault::Rejected(rejection));
        }
        (Err(_), Some(Fault::Rejected(citation))) => {
            return Err(Fault::Rejected(Box::new(Rejection { citation: false, ..*citation })));
        }
        (Err(fault), _) | (Ok(()), Some(fault)) => return Err(fault),
        (Ok(()), None) => {}
    }
    Ok(Report {
        steps: walk.steps,
        points: bench.points * bench.assignments.len() as u32,
        sizes: bench.assignments.iter().map(Sizes::named).collect(),
        singular: bench.singular.iter().map(Sizes::named).collect(),
        error_bits: points * bench.bits(&compared),
        seed,
    })
}

/// Whether something may be divided by, so that a value need not exist whatever the entries are.
fn may_divide(derivation: &Derivation) -> bool {
    let multiplies = |name: &str| ["tr", "sum", "mean", "diag", "vec", "kron", "dot", "outer"].contains(&name);
    derivation.symbols.iter().any(|symbol| !symbol.properties.is_empty())
        || derivation.nodes.iter().any(|node| match node {
            Node::Power { .. } | Node::Fn { .. } => true,
            Node::Call { name, .. } => !multiplies(name),
            _ => false,
        })
}

/// The symbols that something is differentiated by.
fn variables(derivation: &Derivation, by: &[SymbolId]) -> Vec<SymbolId> {
    let nodes = &derivation.nodes;
    let symbol = |by: NodeId| match &nodes[by.at()] {
        Node::Elem { of, .. } => &nodes[of.at()],
        other => other,
    };
    let mut variables = by.to_vec();
    variables.extend(nodes.iter().filter_map(|node| match node {
        Node::Partial { by, .. } => match symbol(*by) {
            Node::Symbol { symbol } => Some(*symbol),
            _ => None,
        },
        _ => None,
    }));
    variables.sort_unstable();
    variables.dedup();
    variables
}
