//! The slots of arrays: which index names which dimension.
//!
//! In: an array, the indices of an element of it. Out: each index with the dimension that it runs over, or diagnostics.
//! Left to others: what a letter stands for ([`super::index`]).

use super::index::{Letter, place_of};
use super::tree::{Form, Name, Scope, Tree, Wrong, made};
use super::unify::Size;
use einstep_expr::Function;
use einstep_syntax::{Code, Diagnostic, Expr, Index, Span};

impl Scope {
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
    pub(super) fn tensor(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known.name == name && !known.tensor.is_empty())
    }

    pub(super) fn symbol_tree(&self, position: usize, expr: &Expr) -> Tree {
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
    pub(super) fn slots(&self, array: &Tree) -> Vec<Size> {
        if let Form::Symbol(position) = array.form
            && !self.names[position].tensor.is_empty()
        {
            return self.names[position].tensor.clone();
        }
        [array.rows, array.cols].into_iter().filter(|&size| size != Size::ONE).collect()
    }

    /// Gives each index the dimension of the slot it stands in.
    pub(super) fn place(
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
    pub(super) fn runs_over(&mut self, letter: usize, size: Size, span: Span) -> Result<(), Wrong> {
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
}
