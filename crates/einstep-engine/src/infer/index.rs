//! The index language: elements, deltas, sums and products over indices.
//!
//! In: syntax with indices in it. Out: trees of scalars that depend on letters, each letter with its dimension, or
//! diagnostics. Left to others: whole matrices ([`super::tree`]), which stay whole below an element;
//! the slots that indices stand in ([`super::slots`]), literal indices ([`super::literal`]).
//!
//! A letter that no sum binds is a free index of the value. Letters and dimensions have names of their own.

use super::declare::dim_of;
use super::tree::{Form, Scope, Tree, Wrong, made};
use super::unify::Size;
use crate::names::fresh;
use einstep_expr::{Dim, Role, Store};
use einstep_syntax::{Big, Code, Diagnostic, Expr, ExprKind, Ident, Index, Limit, Span, Variable};
use itertools::Itertools;

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
    pub(super) slot: Option<Span>,
    /// Whether it has been found to run over two dimensions.
    pub(super) wrong: bool,
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
            Form::Element(at) | Form::Derivative(_, at) => add(at),
            Form::Delta(at) => add(at),
            Form::Eps(at) => add(at),
            Form::Sum(over) | Form::Prod(over) | Form::Array(over) => open.retain(|letter| !over.contains(letter)),
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

    pub(super) fn new_letter(&mut self, ident: &Ident, role: Use) -> usize {
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

    pub(super) fn indices(&mut self, at: &[Index]) -> Result<Vec<usize>, Wrong> {
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
            Big::Array if over.len() > 2 => {
                return self.not_yet("an array of more than two indices inside an expression", expr.span);
            }
            Big::Array => Form::Array,
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
        let shape = match (big, letters.as_slice()) {
            (Big::Array, [rows]) => (self.letters.all[*rows].size, Size::ONE),
            (Big::Array, [rows, cols]) => (self.letters.all[*rows].size, self.letters.all[*cols].size),
            _ => SCALAR,
        };
        Ok(made(form(letters), shape, vec![body], expr))
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
    /// Summands have the same ones, unless all are named in an order.
    pub(super) fn check_letters(&mut self, tree: &Tree, are_named: bool) {
        self.one_meaning();
        let free: Vec<usize> = if are_named { vec![] } else { self.letters.free().collect() };
        self.check_tree(tree, &free);
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

    fn check_tree(&mut self, tree: &Tree, free: &[usize]) {
        for arg in &tree.args {
            self.check_tree(arg, free);
        }
        if let Form::Add(_) = tree.form {
            self.same_free(tree, free);
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

    /// Refuses two summands each of which has a free index that the other has not.
    fn same_free(&mut self, sum: &Tree, free: &[usize]) {
        if free.is_empty() {
            return;
        }
        let of = |term: &Tree| -> Vec<usize> {
            self.letters.open(term).into_iter().filter(|letter| free.contains(letter)).collect()
        };
        let terms: Vec<(&Tree, Vec<usize>)> =
            sum.args.iter().map(|term| (term, of(term))).unique_by(|(_, own)| own.clone()).collect();
        let clash = terms.iter().tuple_combinations().find_map(|((first, own), (second, others))| {
            let left = own.iter().find(|letter| !others.contains(letter))?;
            let right = others.iter().find(|letter| !own.contains(letter))?;
            Some((*first, *left, *second, *right))
        });
        let Some((first, left, second, right)) = clash else { return };
        let [left, right] = [left, right].map(|letter| self.letters.all[letter].name.clone());
        let message = format!(
            "the summands have different free indices: `{}` has `{left}`, `{}` has `{right}`",
            first.text, second.text
        );
        let all = free.iter().map(|&letter| self.letters.all[letter].name.as_str()).join(",");
        let diagnostic = Diagnostic::new(Code::FreeIndex, message, first.span, format!("free here: `{left}`"))
            .with_label(second.span, format!("free here: `{right}`"))
            .with_help(format!("write the same letter in both, or sum over one of them: `sum[{right}](..)`"))
            .with_help(format!("or name them all, if the array over them is meant: `array[{all}](..)`"));
        self.finding(|_| diagnostic);
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
    if let Form::Sum(over) | Form::Prod(over) | Form::Array(over) = &tree.form {
        for &letter in over {
            // What has no letter gets one with the sums that are made later.
            if !names[letter].is_empty() && taken.contains(&names[letter]) {
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

pub(super) fn place_of(index: &Index) -> Span {
    match index {
        Index::Name(ident) => ident.span,
        Index::Literal(_, span) => *span,
    }
}
