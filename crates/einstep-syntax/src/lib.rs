//! The einstep language: text to syntax tree with spans, and back.
//!
//! In: text. Out: a [`Problem`] or an [`Expr`] and [`Diagnostic`]s; and text again from a tree ([`print()`]).
//! Left to others: shapes, what names mean, rules.

mod ast;
mod diagnostic;
mod indices;
mod lexer;
mod parser;
mod printer;
mod span;

pub use ast::*;
pub use diagnostic::{Code, Diagnostic, Fix, Label};
pub use indices::{Notation, free_letters, nest_derivatives, read_array, read_notation, read_parts, sum_repeated};
pub use parser::{Parsed, parse_declarations, parse_expression, parse_problem, parse_problem_given};
pub use printer::{print, size};
pub use span::Span;
