//! Derivatives inside expressions, `2*(d/dx[l] sum[i](x[i]*x[i]))`.
//!
//! In: syntax of the derivative of a scalar, which stands beside other factors or under a sum. Out: by an element, a tree of a
//! scalar that depends on the indices of the element; by a whole variable, the array of these. Left to others: the
//! derivatives that a question begins with ([`super`]).

use super::index::Use;
use super::tree::{Form, Scope, Tree, Wrong, made};
use super::unify::Size;
use einstep_syntax::{Code, Diagnostic, Expr, ExprKind, Ident, Variable};

impl Scope {
    /// The derivative of a scalar by an element, or by a scalar.
    pub(super) fn inner_derivative(&mut self, by: &Variable, body: &Expr, expr: &Expr) -> Result<Tree, Wrong> {
        let variable = self.variable_symbol(by)?;
        let kind = ExprKind::Name(by.name.name.clone());
        let array = self.symbol_tree(variable, &Expr { kind, span: by.name.span });
        let slots = self.slots(&array);
        self.inner.push(variable);
        // The indices of the value come before those of the variable.
        let body = self.tree(body)?;
        if by.element.is_empty() && !slots.is_empty() {
            return self.gradient(variable, &slots, body, expr);
        }
        let letters = self.indices(&by.element)?;
        self.place(&array, &slots, &letters, &by.element, by.name.span)?;
        if !body.is_scalar() {
            let message = "inside an expression, only scalars are differentiated";
            return self.wrong_kind(&body, message.into(), "write an element of it, such as `A[i,j]`".into());
        }
        Ok(made(Form::Derivative(variable, letters), (Size::ONE, Size::ONE), vec![body], expr))
    }

    /// The symbol of what a derivative is by.
    pub(super) fn variable_symbol(&mut self, by: &Variable) -> Result<usize, Wrong> {
        let (name, span) = (&by.name.name, by.name.span);
        if self.dim_names.contains(name) && self.names.position(name).is_none() {
            let message = format!("`{name}` is a dimension: there is no derivative by it");
            return self.refuse(Diagnostic::new(Code::NoVariable, message, span, "a dimension"));
        }
        if self.names.position(name).is_none() {
            self.by_context(name, by.element.len());
        }
        let Some(position) = self.symbol(name) else {
            let message = format!("`{name}` is not declared");
            let label = "an undeclared name is one letter or a Greek name";
            let diagnostic = Diagnostic::new(Code::UnknownName, message, span, label);
            return self.refuse(diagnostic.with_help(format!("declare it: `{name} in R^n`")));
        };
        Ok(position)
    }

    /// The array of the derivatives by all elements of a variable.
    fn gradient(&mut self, variable: usize, slots: &[Size], body: Tree, expr: &Expr) -> Result<Tree, Wrong> {
        if slots.len() > 2 {
            return self.not_yet("the derivative by a whole tensor inside an expression", expr.span);
        }
        let shape = (self.names[variable].rows, self.names[variable].cols);
        let mut letters = Vec::with_capacity(slots.len());
        for &slot in slots {
            let letter = self.new_letter(&Ident { name: String::new(), span: expr.span }, Use::Bound);
            self.runs_over(letter, slot, expr.span)?;
            self.letters.all[letter].slot = Some(expr.span);
            letters.push(letter);
        }
        let element = made(Form::Derivative(variable, letters.clone()), (Size::ONE, Size::ONE), vec![body], expr);
        Ok(made(Form::Array(letters), shape, vec![element], expr))
    }
}
