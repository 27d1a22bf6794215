//! The index language: elements, deltas, sums and products over indices.
//!
//! In: syntax with indices in it. Out: trees of scalars that depend on letters, each letter with its dimension, or
//! diagnostics. Left to others: whole matrices ([`super::tree`]), which stay whole below an element.
//!
//! A letter that no sum binds is a free index of the value. Letters and dimensions have names of their own.

use super::declare::dim_of;
use super::tree::{Form, Name, Scope, Tree, Wrong, made};
use super::unify::Size;
use crate::names::fresh;
use einstep_expr::{Dim, Function, Role, Store};
use einstep_syntax::{Big, Code, Diagnostic, Expr, ExprKind, Ident, Index, Limit, Span, Variable};

const SCALAR: (Size, Size) = (Size::ONE, Size::ONE);

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// A free index of the value.
    Free,
    /// It names the element that the derivative of this number is by.
    Variable(usize),
    /// A sum, a product or an array binds it.
    Bound,
    /// It stays at this position.
    Literal(u64),
}

/// An index.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) name: String,
    pub(super) size: Size,
    pub(super) role: Use,
    /// Where it first stands.
    pub(super) span: Span,
    /// Where it first names an entry of an array.
    slot: Option<Span>,
    /// Whether it has been found to run over two dimensions.
    wrong: bool,
}

/// The indices of a problem.
#[derive(Debug, Default)]
pub(super) struct Letters {
    pub(super) all: Vec<Letter>,
    /// Those that are bound where one reads, innermost last.
    bound: Vec<usize>,
    /// The upper limits of sums by hand, by the places where their indices are bound.
    limits: Vec<(Span, Size)>,
    /// The free letters in the order that is given, if one is.
    order: Vec<usize>,
    /// The indices of the elements that are differentiated by, with the numbers of the derivatives.
    elements: Vec<(usize, Vec<usize>)>,
}

impl Letters {
    /// The letter that a name stands for here, if it is one.
    pub(super) fn in_scope(&self, name: &str) -> Option<usize> {
        self.bound.iter().rev().copied().find(|&letter| self.all[letter].name == name)
    }

    /// The free letters of the value in the order in which they are read.
    pub(super) fn free(&self) -> impl Iterator<Item = usize> + '_ {
        self.of(Use::Free)
    }

    /// The free letters in the order in which they name rows and columns.
    pub(super) fn ordered(&self) -> Vec<usize> {
        if self.order.is_empty() { self.free().collect() } else { self.order.clone() }
    }

    /// The indices of the element that the derivative of a number is by, if it is by one.
    pub(super) fn element(&self, number: usize) -> &[usize] {
        self.elements.iter().find(|(other, _)| *other == number).map_or(&[], |(_, letters)| letters)
    }

    /// The letters of one kind in order.
    fn of(&self, role: Use) -> impl Iterator<Item = usize> + '_ {
        (0..self.all.len()).filter(move |&letter| self.all[letter].role == role)
    }

    /// The indices on which a tree depends from outside.
    fn open(&self, tree: &Tree) -> Vec<usize> {
        let mut open: Vec<usize> = Vec::new();
        let mut add = |letters: &[usize]| {
            for &letter in letters {
                if !open.contains(&letter) && !matches!(self.all[letter].role, Use::Literal(_)) {
                    open.push(letter);
                }
            }
        };
        tree.args.iter().for_each(|arg| add(&self.open(arg)));
        match &tree.form {
            Form::Element(at) => add(at),
            Form::Delta(at) => add(at),
            Form::Eps(at) => add(at),
            Form::Sum(over) | Form::Prod(over) => open.retain(|letter| !over.contains(letter)),
            _ => {}
        }
        open
    }
}

impl Scope {
    /// Takes the upper limits of the question, which may name dimensions.
    pub(super) fn limits(&mut self, limits: &[Limit]) {
        for limit in limits {
            if let Some(dim) = dim_of(self, &limit.to) {
                self.letters.limits.push((limit.index, Size::Known(dim)));
            }
        }
    }

    fn new_letter(&mut self, ident: &Ident, role: Use) -> usize {
        let size = self.sizes.unknown();
        let letter = Letter { name: ident.name.clone(), size, role, span: ident.span, slot: None, wrong: false };
        self.letters.all.push(letter);
        self.letters.all.len() - 1
    }

    /// The letter of an index in an element.
    fn index(&mut self, index: &Index) -> Result<usize, Wrong> {
        let ident = match index {
            Index::Name(ident) => ident,
            Index::Literal(position, span) => return Ok(self.literal(*position, *span)),
        };
        if let Some(letter) = self.letters.in_scope(&ident.name) {
            return Ok(letter);
        }
        let free = self.letters.free().find(|&letter| self.letters.all[letter].name == ident.name);
        Ok(free.unwrap_or_else(|| self.new_letter(ident, Use::Free)))
    }

    /// The letter of a literal index: each is one of its own.
    fn literal(&mut self, position: u64, span: Span) -> usize {
        self.new_letter(&Ident { name: position.to_string(), span }, Use::Literal(position))
    }

    fn indices(&mut self, at: &[Index]) -> Result<Vec<usize>, Wrong> {
        at.iter().map(|index| self.index(index)).collect()
    }

    /// `X[i,j]`, `inv(A)[i,j]`, `delta[i,j]`, `eps[i,j,k]`
    pub(super) fn element(&mut self, of: &Expr, at: &[Index], expr: &Expr) -> Result<Tree, Wrong> {
        if let ExprKind::Name(name) = &of.kind
            && self.names.position(name).is_none()
        {
            match name.as_str() {
                "delta" => return self.delta(at, expr),
                "eps" => return self.eps(at, expr),
                "I" => {}
                _ => self.by_context(name, at.len()),
            }
        }
        let array = match &of.kind {
            ExprKind::Name(name) => match self.tensor(name) {
                Some(position) => self.symbol_tree(position, of),
                None => self.tree(of)?,
            },
            _ => self.tree(of)?,
        };
        let letters = self.indices(at)?;
        if let Some(&letter) = self.letters.open(&array).first() {
            let name = &self.letters.all[letter].name;
            let message = format!("`{}` depends on the index `{name}` and can't have indices of its own", array.text);
            let diagnostic = Diagnostic::new(Code::WrongKind, message, array.span, "not a matrix expression");
            return self.refuse(diagnostic);
        }
        let slots: Vec<Size> = self.slots(&array);
        self.place(&array, &slots, &letters, at, expr.span)?;
        Ok(made(Form::Element(letters), SCALAR, vec![array], expr))
    }

    /// Takes an undeclared name for an array of as many dimensions as it has indices.
    pub(super) fn by_context(&mut self, name: &str, indices: usize) {
        let Some(position) = self.symbol(name) else { return };
        let capital = name.starts_with(char::is_uppercase);
        let (rows, cols, kind) = match indices {
            1 if !capital => (self.sizes.unknown(), Size::ONE, "a column vector"),
            2 => (self.sizes.unknown(), self.sizes.unknown(), "a matrix"),
            3.. => {
                let dims: Vec<Size> = (0..indices).map(|_| self.sizes.unknown()).collect();
                let cols = self.sizes.product(&dims[1..]);
                self.names[position].tensor = dims.clone();
                (dims[0], cols, "a tensor")
            }
            _ => return,
        };
        let known = &mut self.names[position];
        (known.rows, known.cols, known.kind) = (rows, cols, kind);
    }

    /// The tensor of a name.
    fn tensor(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known.name == name && !known.tensor.is_empty())
    }

    fn symbol_tree(&self, position: usize, expr: &Expr) -> Tree {
        made(Form::Symbol(position), (self.names[position].rows, self.names[position].cols), vec![], expr)
    }

    /// A tensor without indices
    #[cold]
    pub(super) fn whole_tensor<T>(&mut self, position: usize, span: Span) -> Result<T, Wrong> {
        let Name { name, tensor, .. } = &self.names[position];
        let letters: Vec<&str> = ["i", "j", "k", "r", "s", "t"].into_iter().take(tensor.len()).collect();
        let message = format!("`{name}` is a tensor of order {}: only its elements can be used", tensor.len());
        let diagnostic = Diagnostic::new(Code::WrongKind, message, span, "a tensor alone")
            .with_help(format!("write an element of it, such as `{name}[{}]`", letters.join(",")));
        self.refuse(diagnostic)
    }

    /// The dimensions of an array, one for each index of an element.
    fn slots(&self, array: &Tree) -> Vec<Size> {
        if let Form::Symbol(position) = array.form
            && !self.names[position].tensor.is_empty()
        {
            return self.names[position].tensor.clone();
        }
        [array.rows, array.cols].into_iter().filter(|&size| size != Size::ONE).collect()
    }

    /// Gives each index the dimension of the slot it stands in.
    fn place(
        &mut self,
        array: &Tree,
        slots: &[Size],
        letters: &[usize],
        at: &[Index],
        span: Span,
    ) -> Result<(), Wrong> {
        // A slot whose dimension is a product may have an index for each factor, the slow one first.
        let factors: Vec<Size> = match (&array.form, slots) {
            // The two indices of the columns of a commutation matrix are in the other order.
            (Form::Call(Function::Commutation), &[rows, cols]) => {
                self.sizes.factors(rows).into_iter().chain(self.sizes.factors(cols).into_iter().rev()).collect()
            }
            _ if letters.len() > slots.len() => slots.iter().flat_map(|&slot| self.parts(slot, span)).collect(),
            _ => vec![],
        };
        let has_pairs = letters.len() == factors.len() && letters.len() > slots.len();
        let literal = at.iter().find(|index| matches!(index, Index::Literal(..)));
        if let (true, Some(literal)) = (has_pairs, literal) {
            return self.not_yet("a literal index beside another in one slot", place_of(literal));
        }
        let slots = if has_pairs { &factors } else { slots };
        if letters.len() != slots.len() {
            return self.wrong_count(array, slots.len(), letters.len(), span);
        }
        for ((&letter, &slot), index) in letters.iter().zip(slots).zip(at) {
            self.runs_over(letter, slot, place_of(index))?;
            self.letters.all[letter].slot.get_or_insert(place_of(index));
        }
        Ok(())
    }

    /// The factors of a dimension. Of one that is declared as a product, only their number is known here.
    fn parts(&mut self, size: Size, span: Span) -> Vec<Size> {
        let count = match size {
            Size::Known(dim) => self.sizes.dims.text(dim).split('*').count(),
            Size::Unknown(_) => 1,
        };
        if count == 1 {
            return self.sizes.factors(size);
        }
        let parts: Vec<Size> = (0..count).map(|_| self.sizes.unknown()).collect();
        let product = self.sizes.product(&parts);
        // Unknown factors fit any dimension.
        if self.sizes.unify(product, size, span).is_ok() { parts } else { vec![size] }
    }

    /// Demands that an index runs over a dimension.
    fn runs_over(&mut self, letter: usize, size: Size, span: Span) -> Result<(), Wrong> {
        let Letter { size: own, slot, ref name, .. } = self.letters.all[letter];
        if self.sizes.unify(own, size, span).is_ok() {
            return Ok(());
        }
        let name = name.clone();
        if std::mem::replace(&mut self.letters.all[letter].wrong, true) {
            return Err(());
        }
        self.finding(move |words| {
            let (first, second) = (words.size(own), words.size(size));
            let message = format!("the index `{name}` runs over {first} in one place and over {second} in another");
            let diagnostic = Diagnostic::new(Code::ShapeMismatch, message, span, format!("here over {second}"));
            match slot {
                Some(slot) => diagnostic.with_label(slot, format!("here over {first}")),
                None => diagnostic,
            }
        });
        Err(())
    }

    #[cold]
    fn wrong_count<T>(&mut self, array: &Tree, slots: usize, found: usize, span: Span) -> Result<T, Wrong> {
        let text = &array.text;
        let (message, help) = match slots {
            0 => (format!("`{text}` is a scalar: it has no index"), format!("write `{text}` alone")),
            1 => (format!("`{text}` has one dimension: it takes one index, not {found}"), format!("write `{text}[i]`")),
            2 => (format!("`{text}` is a matrix: it takes two indices, not {found}"), format!("write `{text}[i,j]`")),
            _ => {
                (format!("`{text}` is a tensor of order {slots}: it takes {slots} indices, not {found}"), String::new())
            }
        };
        let count = if found == 1 { "1 index".to_string() } else { format!("{found} indices") };
        let mut diagnostic = Diagnostic::new(Code::IndexCount, message, span, format!("{count} here"));
        if let Form::Symbol(position) = array.form
            && let Some(declared) = self.names[position].declared
        {
            diagnostic = diagnostic.with_label(declared, format!("`{text}` is declared here"));
        }
        self.refuse(if help.is_empty() { diagnostic } else { diagnostic.with_help(help) })
    }

    fn delta(&mut self, at: &[Index], expr: &Expr) -> Result<Tree, Wrong> {
        let letters = self.indices(at)?;
        let [i, j] = letters[..] else {
            let message = format!("`delta` takes two indices, not {}", at.len());
            return self.refuse(Diagnostic::new(Code::IndexCount, message, expr.span, "the Kronecker delta"));
        };
        self.runs_over(i, self.letters.all[j].size, place_of(&at[0]))?;
        Ok(made(Form::Delta([i, j]), SCALAR, vec![], expr))
    }

    fn eps(&mut self, at: &[Index], expr: &Expr) -> Result<Tree, Wrong> {
        let letters = self.indices(at)?;
        let [i, j, k] = letters[..] else {
            let message = format!("`eps` takes three indices, not {}", at.len());
            return self.refuse(Diagnostic::new(Code::IndexCount, message, expr.span, "the Levi-Civita symbol"));
        };
        let three = Size::Known(self.sizes.dims.literal(3));
        for (letter, index) in [i, j, k].into_iter().zip(at) {
            self.runs_over(letter, three, place_of(index))?;
        }
        Ok(made(Form::Eps([i, j, k]), SCALAR, vec![], expr))
    }

    /// `sum[i,j](e)`, `prod[i](e)`
    pub(super) fn big(&mut self, big: Big, over: &[Ident], body: &Expr, expr: &Expr) -> Result<Tree, Wrong> {
        let form = match big {
            Big::Sum => Form::Sum,
            Big::Product => Form::Prod,
            Big::Array => return self.not_yet("an array of given entries", expr.span),
        };
        let outer = self.letters.bound.len();
        let mut letters = Vec::with_capacity(over.len());
        for ident in over {
            if let Some(first) = self.letters.in_scope(&ident.name) {
                let message = format!("the index `{}` is bound twice", ident.name);
                let first = self.letters.all[first].span;
                let diagnostic = Diagnostic::new(Code::IndexScope, message, ident.span, "bound again here")
                    .with_label(first, "already bound here")
                    .with_help("give one of them another letter");
                self.letters.bound.truncate(outer);
                return self.refuse(diagnostic);
            }
            let letter = self.new_letter(ident, Use::Bound);
            self.letters.bound.push(letter);
            letters.push(letter);
        }
        let body = self.tree(body);
        self.letters.bound.truncate(outer);
        let body = body?;
        for &letter in &letters {
            let place = self.letters.all[letter].span;
            if let Some((_, size)) = self.letters.limits.iter().find(|(index, _)| *index == place).copied() {
                self.runs_over(letter, size, place)?;
            }
        }
        if !body.is_scalar() {
            let message = "what stands below a sum over indices is a scalar";
            return self.wrong_kind(&body, message.into(), "write an element of it, such as `A[i,j]`".into());
        }
        Ok(made(form(letters), SCALAR, vec![body], expr))
    }

    /// `i` as a number
    #[cold]
    pub(super) fn letter_alone<T>(&mut self, letter: usize, span: Span) -> Result<T, Wrong> {
        let Letter { name, span: first, .. } = &self.letters.all[letter];
        let message = format!("the index `{name}` is no number: it can only stand in brackets");
        let diagnostic = Diagnostic::new(Code::IndexScope, message, span, "an index alone")
            .with_label(*first, "it is bound here")
            .with_help(format!("write an element, such as `x[{name}]`, or give the index another letter"));
        self.refuse(diagnostic)
    }

    /// The indices of the element that is differentiated by.
    pub(super) fn variable_element(
        &mut self,
        variable: &Variable,
        position: usize,
        number: usize,
    ) -> Result<(), Wrong> {
        let kind = ExprKind::Name(self.names[position].name.clone());
        let array = self.symbol_tree(position, &Expr { kind, span: variable.name.span });
        let mut letters = Vec::with_capacity(variable.element.len());
        for index in &variable.element {
            match index {
                Index::Name(ident) => letters.push(self.new_letter(ident, Use::Variable(number))),
                Index::Literal(position, span) => letters.push(self.literal(*position, *span)),
            }
        }
        self.letters.elements.push((number, letters.clone()));
        let slots = self.slots(&array);
        self.place(&array, &slots, &letters, &variable.element, variable.name.span)
    }

    /// What can only be said of the whole: each letter is one thing, and only scalars have free indices.
    pub(super) fn check_letters(&mut self, tree: &Tree) {
        self.one_meaning();
        self.check_tree(tree);
    }

    /// Takes the order of the free indices, which names each of them once.
    pub(super) fn order_free(&mut self, given: &[Ident]) {
        let free: Vec<usize> = self.letters.free().collect();
        let mut found = Vec::new();
        for ident in given {
            let name = &ident.name;
            let (message, label) = match free.iter().copied().find(|&letter| self.letters.all[letter].name == *name) {
                None => (format!("`{name}` is no free index of the expression"), "given in the order of its indices"),
                Some(letter) if self.letters.order.contains(&letter) => {
                    (format!("the order of the free indices has `{name}` twice"), "given again")
                }
                Some(letter) => {
                    self.letters.order.push(letter);
                    continue;
                }
            };
            found.push(Diagnostic::new(Code::FreeIndex, message, ident.span, label));
        }
        if let Some(first) = given.first() {
            for &letter in free.iter().filter(|letter| !self.letters.order.contains(letter)) {
                let Letter { name, span, .. } = &self.letters.all[letter];
                let message = format!("the order of the free indices leaves out `{name}`");
                let diagnostic = Diagnostic::new(Code::FreeIndex, message, *span, "this index is free")
                    .with_label(first.span, "the order that is given");
                found.push(diagnostic);
            }
        }
        for diagnostic in found {
            self.finding(|_| diagnostic);
        }
    }

    /// Refuses a free index whose letter is bound elsewhere, or names the element of the variable; and two indices of the
    /// variable of one letter.
    fn one_meaning(&mut self) {
        let letters = &self.letters.all;
        let mut found = Vec::new();
        for (position, letter) in letters.iter().enumerate() {
            let same = |other: &&Letter| other.name == letter.name;
            let clash = match letter.role {
                Use::Free => letters.iter().filter(|other| other.role != Use::Free).find(same),
                Use::Variable(_) => {
                    letters[..position].iter().filter(|other| matches!(other.role, Use::Variable(_))).find(same)
                }
                Use::Bound | Use::Literal(_) => None,
            };
            let Some(other) = clash else { continue };
            let (message, label) = match other.role {
                Use::Bound => ("stands outside of the sum that binds it", "it is bound here"),
                _ if letter.role == Use::Free => {
                    ("is free in the expression and names the element of the variable", "named here")
                }
                _ => ("names two indices of the variable", "also named here"),
            };
            let message = format!("the index `{}` {message}", letter.name);
            let diagnostic = Diagnostic::new(Code::IndexScope, message, letter.span, "this index")
                .with_label(other.span, label)
                .with_help("give one of them another letter");
            found.push(diagnostic);
        }
        for diagnostic in found {
            self.finding(|_| diagnostic);
        }
    }

    /// Refuses literal indices that name no entry, or an entry of a slot that several indices name.
    pub(super) fn literals_in_range(&mut self) {
        let mut found = Vec::new();
        for Letter { size, role, span, .. } in &self.letters.all {
            let (Use::Literal(position), Size::Known(dim)) = (role, self.sizes.resolve(*size)) else { continue };
            let dims = &self.sizes.dims;
            let text = dims.text(dim);
            found.extend(match dims.value(dim) {
                Some(value) if *position > value => {
                    let message = format!("there is no entry {position} along a dimension of {text}");
                    Some(Diagnostic::new(Code::IndexRange, message, *span, format!("greater than {text}")))
                }
                None if text.contains(['*', '+']) => {
                    let message = "einstep can't derive an element at a literal index of a composed dimension yet";
                    Some(Diagnostic::new(Code::NotYet, message, *span, format!("one of {text}")))
                }
                _ => None,
            });
        }
        for diagnostic in found {
            self.finding(|_| diagnostic);
        }
    }

    /// Refuses indices whose dimension nothing determines.
    pub(super) fn unknown_indices(&mut self) {
        let of_arrays = self.letters.all.iter().filter(|letter| letter.slot.is_some());
        let known: Vec<Size> = of_arrays.map(|letter| self.sizes.resolve(letter.size)).collect();
        let open = self.letters.all.iter().find(|letter| {
            let size = self.sizes.resolve(letter.size);
            matches!(size, Size::Unknown(_)) && !known.contains(&size)
        });
        let Some(Letter { name, span, .. }) = open else { return };
        let message = format!("the dimension of the index `{name}` can't be found: it names no entry of an array");
        let diagnostic = Diagnostic::new(Code::InvalidDimension, message, *span, "over which values?");
        self.finding(|_| diagnostic);
    }

    fn check_tree(&mut self, tree: &Tree) {
        for arg in &tree.args {
            self.check_tree(arg);
        }
        if tree.is_scalar() {
            return;
        }
        if let Some(&letter) = self.letters.open(tree).first() {
            let name = &self.letters.all[letter].name;
            let message = format!("`{}` is a matrix expression and can't depend on the index `{name}`", tree.text);
            let mut diagnostic = Diagnostic::new(Code::WrongKind, message, tree.span, "not a scalar")
                .with_help("write an element of it, such as `A[i,j]`");
            if let Some(name) = self.undeclared_whole(tree) {
                diagnostic = diagnostic.with_help(format!("or declare `{name}` as a scalar: `{name} in R`"));
            }
            self.finding(|_| diagnostic);
        }
    }

    /// An undeclared name among the arrays that a tree is made of.
    fn undeclared_whole(&self, tree: &Tree) -> Option<&str> {
        match tree.form {
            Form::Symbol(position) if self.names[position].declared.is_none() && !tree.is_scalar() => {
                Some(&self.names[position].name)
            }
            Form::Element(_) => None,
            _ => tree.args.iter().find_map(|arg| self.undeclared_whole(arg)),
        }
    }
}

/// Indices for the letters. Each has the user's letter, unless another index of that letter stands in the same term.
pub(super) fn indices(
    store: &mut Store,
    letters: &Letters,
    dim: &dyn Fn(Size) -> Dim,
    value: &Tree,
) -> Vec<einstep_expr::Index> {
    let mut names: Vec<String> = letters.all.iter().map(|letter| letter.name.clone()).collect();
    let mut taken: Vec<String> =
        letters.all.iter().filter(|letter| letter.role != Use::Bound).map(|letter| letter.name.clone()).collect();
    give_letters(value, &mut names, &mut taken);
    let index = |(letter, name): (&Letter, &String)| {
        let role = match letter.role {
            Use::Free => Role::Value,
            Use::Variable(_) => Role::Variable,
            Use::Bound => Role::Sum,
            Use::Literal(position) => return store.literal(dim(letter.size), position),
        };
        store.index(dim(letter.size), role, name)
    };
    letters.all.iter().zip(&names).map(index).collect()
}

/// Gives other letters to bound indices whose letter is taken where they stand. Summands may share letters.
fn give_letters(tree: &Tree, names: &mut Vec<String>, taken: &mut Vec<String>) {
    if let Form::Sum(over) | Form::Prod(over) = &tree.form {
        for &letter in over {
            if taken.contains(&names[letter]) {
                names[letter] = fresh(|name| names.iter().any(|known| known == name));
            }
            taken.push(names[letter].clone());
        }
    }
    let before = taken.len();
    for arg in &tree.args {
        match tree.form {
            Form::Add(_) => {
                let mut own = taken[..before].to_vec();
                give_letters(arg, names, &mut own);
                taken.extend(own.drain(before..));
            }
            _ => give_letters(arg, names, taken),
        }
    }
}

fn place_of(index: &Index) -> Span {
    match index {
        Index::Name(ident) => ident.span,
        Index::Literal(_, span) => *span,
    }
}
