//! From a syntax tree to a matrix expression with shapes, or to diagnostics.
//!
//! In: a parsed problem. Out: a [`Typed`] problem: a store with every symbol declared, the value and the variable.
//! Left to others: reading text, and all algebra.

mod blocks;
mod build;
mod calls;
mod declare;
mod facts;
mod functions;
mod index;
mod literal;
mod misfit;
mod nested;
mod slots;
mod structured;
mod totals;
mod tree;
mod unify;
mod words;

pub(crate) use facts::Fact;
pub use functions::functions;

use build::Builder;
use einstep_expr::{Id, Indices, Node, Shape, Store, Symbol, SymbolInfo};
use einstep_syntax::{Big, Code, Diagnostic, Expr, ExprKind, Notation, Problem, Question, Span, Variable, print};
use einstep_trace::{Task, Wanted};
use rustc_hash::FxHashSet;
use tree::{Scope, Words};
use unify::{Clash, Size};

/// A problem whose shapes are known.
pub(crate) struct Typed {
    pub(crate) store: Store,
    pub(crate) value: Id,
    /// What it is differentiated by, outermost derivative first.
    pub(crate) by: Vec<By>,
    pub(crate) wanted: Wanted,
    /// How the question writes sums over indices.
    pub(crate) notation: Notation,
    /// The free indices of the value, in the order that is given, else in that in which they are read.
    pub(crate) free: Indices,
    pub(crate) facts: Vec<Fact>,
    /// The names of dimensions, with whether they were declared.
    pub(crate) dims: Vec<(String, bool)>,
    /// The expression as text.
    pub(crate) expression: String,
}

impl Typed {
    /// The names of symbols and dimensions.
    pub(crate) fn names(&self) -> Vec<String> {
        let symbols = self.store.symbols().iter().map(|info| info.name.clone());
        symbols.chain(self.dims.iter().map(|(name, _)| name.clone())).collect()
    }
}

/// What one derivative is by.
#[derive(Debug, Clone)]
pub(crate) struct By {
    pub(crate) symbol: Symbol,
    /// The indices of its element, one for each slot; `derive` makes those of a whole variable.
    pub(crate) at: Indices,
    /// Whether the user named the element.
    pub(crate) named: bool,
}

impl By {
    /// The indices that the derivative by it has. Those of a named entry are literal: it has none.
    pub(crate) fn open(&self, store: &Store) -> Indices {
        self.at.iter().copied().filter(|&index| store.position(index).is_none()).collect()
    }

    /// The element that the derivative is by.
    pub(crate) fn element(&self, store: &mut Store) -> Id {
        let symbol = store.intern(Node::Symbol(self.symbol));
        store.elem(symbol, self.at.iter().copied())
    }
}

/// The greatest number of findings that are made of one problem.
const MAX_FINDINGS: usize = 20;

/// Finds the shapes of a problem.
pub(crate) fn infer(problem: &Problem, wanted: Wanted) -> Result<Typed, Vec<Diagnostic>> {
    let mut scope = Scope::default();
    let reading = structured::reading(wanted.structured);
    for declaration in &problem.declarations {
        declare::declare(&mut scope, declaration);
    }
    if let Some(question) = &problem.question {
        scope.limits(&question.limits);
    }
    declare::two_kinds(&mut scope);
    let Some(question) = &problem.question else {
        let span = problem.declarations.last().map_or(Span::default(), |last| last.span);
        let diagnostic = Diagnostic::new(
            Code::EmptyExpression,
            "there is no expression to differentiate",
            span,
            "only declarations",
        )
        .with_help("add a line such as `d/dx x'*x`");
        return Err(vec![diagnostic]);
    };
    let variables = variables(&mut scope, question, wanted.task);
    let tree = scope.tree(&question.body);
    if let Ok(tree) = &tree {
        scope.check_letters(tree, !question.free.is_empty());
        scope.order_free(&question.free);
    }
    for (variable, span) in variables.iter().flatten().copied() {
        let Ok(tree) = &tree else { break };
        if scope.names[variable].declared.is_some() || occurs(tree, variable) {
            continue;
        }
        let name = scope.names[variable].name.clone();
        scope.finding(move |_| {
            let message = format!("`{name}` does not occur in the expression and is not declared");
            Diagnostic::new(Code::AbsentVariable, message, span, "this name occurs nowhere else")
                .with_help(format!("declare it if the derivative is to be zero: `{name} in R^n`"))
        });
    }
    let variables: Option<Vec<usize>> =
        variables.map(|found| found.into_iter().map(|(position, _)| position).collect());
    name_dimensions(&mut scope, variables.as_deref().unwrap_or_default(), &tree);
    let inner = scope.inner.clone();
    for &variable in variables.iter().flatten().chain(&inner) {
        structured::refuse(&mut scope, variable, reading);
    }
    let words = Words { sizes: &scope.sizes };
    let findings = std::mem::take(&mut scope.findings);
    let diagnostics: Vec<Diagnostic> = findings.into_iter().take(MAX_FINDINGS).map(|finding| finding(&words)).collect();
    match (variables, tree) {
        (Some(variables), Ok(tree)) if diagnostics.is_empty() => {
            let typed = typed(scope, &variables, &tree, expression(question), wanted);
            Ok(Typed { notation: problem.notation, ..typed })
        }
        _ => Err(diagnostics),
    }
}

/// The expression as text: an array where the order of its free indices is given.
fn expression(question: &Question) -> String {
    let Question { body, free, .. } = question;
    if free.is_empty() {
        return print(body);
    }
    let kind = ExprKind::Big(Big::Array, free.clone(), Box::new(body.clone()));
    print(&Expr { kind, span: body.span })
}

/// Solves for the dimensions that are left, and gives names to those that nothing determines.
fn name_dimensions(scope: &mut Scope, variables: &[usize], tree: &Result<tree::Tree, ()>) {
    if let Err((equation, clash)) = scope.sizes.solve() {
        scope.finding(move |words| {
            let [left, right] = [equation.left, equation.right].map(|size| words.size(size));
            let message = match clash {
                Clash::Undetermined => {
                    let what = if [&left, &right].iter().any(|side| side.contains('+')) { "sum" } else { "product" };
                    format!(
                        "the shapes here can't be found: of some dimensions only the {what} is known, {left} = {right}"
                    )
                }
                _ => format!("the dimensions {left} and {right} must be equal here and are not"),
            };
            let label = "in this expression";
            Diagnostic::new(Code::ShapeMismatch, message, equation.because, label)
                .with_help("declare the matrices in it: `A in R^(m,n)`")
        });
    }
    if let Ok(tree) = tree {
        unknown_identities(scope, tree);
        scope.unknown_indices();
        scope.literals_in_range();
    }
    let first: Vec<Size> = variables.iter().flat_map(|&v| [scope.names[v].rows, scope.names[v].cols]).collect();
    let of_names = scope.names.iter().flat_map(|name| [name.rows, name.cols]);
    let of_letters = scope.letters.all.iter().map(|letter| letter.size);
    let others: Vec<Size> = of_names.chain(all_sizes(tree)).chain(of_letters).collect();
    let names = scope.names.iter().map(|name| name.name.as_str());
    let names: FxHashSet<&str> = names.chain(scope.dim_names.iter().map(String::as_str)).collect();
    let taken = |name: &str| names.contains(name);
    scope.sizes.name(&first, &others, &taken);
    if scope.sizes.overflow {
        let span = tree.as_ref().map_or(Span::default(), |tree| tree.span);
        let message = "a dimension becomes too large";
        let diagnostic = Diagnostic::new(Code::InvalidDimension, message, span, "in this expression");
        scope.finding(|_| diagnostic);
    }
}

fn occurs(tree: &tree::Tree, position: usize) -> bool {
    matches!(tree.form, tree::Form::Symbol(found) if found == position)
        || tree.args.iter().any(|arg| occurs(arg, position))
}

/// Refuses identities whose size nothing determines.
fn unknown_identities(scope: &mut Scope, tree: &tree::Tree) {
    let open = |scope: &Scope, size: Size| matches!(scope.sizes.resolve(size), Size::Unknown(_));
    let known: Vec<Size> =
        scope.names.iter().flat_map(|name| [name.rows, name.cols]).map(|size| scope.sizes.resolve(size)).collect();
    let mut rest = vec![tree];
    while let Some(tree) = rest.pop() {
        if matches!(tree.form, tree::Form::Identity)
            && open(scope, tree.rows)
            && !known.contains(&scope.sizes.resolve(tree.rows))
        {
            let message = format!("the size of `{}` can't be found from the expression", tree.text);
            let diagnostic = Diagnostic::new(Code::InvalidDimension, message, tree.span, "of any size")
                .with_help("say its size: `eye(n)`, with `n` a declared dimension");
            scope.finding(|_| diagnostic);
        }
        rest.extend(tree.args.iter().rev());
    }
}

/// Every dimension in a tree; some belong to no name.
fn all_sizes(tree: &Result<tree::Tree, ()>) -> Vec<Size> {
    let mut found = Vec::new();
    let mut rest: Vec<&tree::Tree> = tree.iter().collect();
    while let Some(tree) = rest.pop() {
        found.extend([tree.rows, tree.cols]);
        rest.extend(tree.args.iter().rev());
    }
    found
}

fn typed(scope: Scope, variables: &[usize], tree: &tree::Tree, expression: String, wanted: Wanted) -> Typed {
    let Scope { names, dim_names: declared_dims, sizes, letters, inner, .. } = scope;
    let mut store = Store::new();
    store.reading = structured::reading(wanted.structured);
    store.dims = sizes.dims.clone();
    let dim = |size: Size| match sizes.resolve(size) {
        Size::Known(dim) => dim,
        Size::Unknown(_) => einstep_expr::Dim::ONE,
    };
    let symbols: Vec<Symbol> = names
        .iter()
        .enumerate()
        .map(|(position, name)| {
            store.symbol(SymbolInfo {
                name: name.name.clone(),
                shape: Shape { rows: dim(name.rows), cols: dim(name.cols) },
                properties: name.properties.clone(),
                declared: name.declared.is_some(),
                // What is lowered is written out whole, as what is differentiated is.
                variable: variables.contains(&position) || inner.contains(&position) || wanted.task == Task::Lower,
                parameter: None,
            })
        })
        .collect();
    for (&symbol, name) in symbols.iter().zip(names.iter()).filter(|(_, name)| !name.tensor.is_empty()) {
        store.set_tensor(symbol, name.tensor.iter().map(|&size| dim(size)).collect());
    }
    let mut dim_names: Vec<(String, bool)> = declared_dims.iter().map(|name| (name.clone(), true)).collect();
    let mut seen: FxHashSet<&str> = declared_dims.iter().map(String::as_str).collect();
    for shape in store.symbols().iter().map(|info| info.shape) {
        for name in [shape.rows, shape.cols].into_iter().flat_map(|dim| store.dims.names(dim)) {
            if seen.insert(name) {
                dim_names.push((name.to_string(), false));
            }
        }
    }
    let indices = index::indices(&mut store, &letters, &dim, tree);
    let mut builder = Builder { store: &mut store, sizes: &sizes, symbols: &symbols, indices: &indices };
    let value = builder.build(tree);
    let by: Vec<By> = variables
        .iter()
        .enumerate()
        .map(|(number, &position)| {
            let at: Indices = letters.element(number).iter().map(|&letter| indices[letter]).collect();
            By { symbol: symbols[position], named: !at.is_empty(), at }
        })
        .collect();
    let facts = facts::facts(&mut builder, &names, variables, &by, tree, wanted.layout);
    let free = letters.ordered().into_iter().map(|letter| indices[letter]).collect();
    Typed { store, value, by, wanted, notation: Notation::default(), free, facts, dims: dim_names, expression }
}

/// The symbols that are differentiated by, outermost derivative first, and where each is named.
fn variables(scope: &mut Scope, question: &Question, task: Task) -> Option<Vec<(usize, Span)>> {
    if let (false, Some(by)) = (task.is_derive(), question.by.first()) {
        let message = "this is not differentiated";
        let diagnostic = Diagnostic::new(Code::NoVariable, message, by.name.span, "a variable")
            .with_help("give the expression alone, or `einstep derive` it");
        scope.finding(|_| diagnostic);
    }
    if question.by.is_empty() && task.is_derive() {
        let message = "nothing to differentiate by";
        let diagnostic = Diagnostic::new(Code::NoVariable, message, question.body.span, "by which variable?")
            .with_help("write `d/dx` before the expression, or give `--wrt x`");
        scope.finding(|_| diagnostic);
        return None;
    }
    for by in &question.by {
        // A name whose elements nobody speaks of has the kind of its spelling.
        let indices = indices_of(&question.body, &by.name.name);
        if scope.names.position(&by.name.name).is_none() {
            scope.by_context(&by.name.name, indices);
        }
    }
    let found: Vec<_> = question.by.iter().enumerate().map(|(k, by)| variable(scope, by, k)).collect();
    found.into_iter().collect()
}

/// How many indices the first element of a name has; 0 where there is none.
fn indices_of(expr: &Expr, name: &str) -> usize {
    match &expr.kind {
        ExprKind::Element(of, at) if matches!(&of.kind, ExprKind::Name(found) if found == name) => at.len(),
        _ => expr.parts().into_iter().map(|part| indices_of(part, name)).find(|&count| count > 0).unwrap_or(0),
    }
}

/// The symbol that one derivative is by.
fn variable(scope: &mut Scope, by: &Variable, number: usize) -> Option<(usize, Span)> {
    let position = scope.variable_symbol(by).ok()?;
    if !by.element.is_empty() {
        scope.variable_element(by, position, number).ok()?;
    }
    Some((position, by.name.span))
}
