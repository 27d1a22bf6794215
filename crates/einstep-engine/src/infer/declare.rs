//! Declarations into the scope.
//!
//! In: parsed declarations. Out: names with shapes and properties, or findings. Left to others: undeclared names.

use super::tree::{Name, Scope};
use super::unify::Size;
use einstep_expr::Dim;
use einstep_syntax::{Code, Declaration, Diagnostic, DimExpr, Span};

/// Takes a declaration into the scope.
pub(super) fn declare(scope: &mut Scope, declaration: &Declaration) {
    let mut sizes = Vec::new();
    for dim in &declaration.dims {
        match dim_of(scope, dim) {
            Some(dim) => sizes.push(Size::Known(dim)),
            None if std::mem::take(&mut scope.sizes.overflow) => {
                let message = "this dimension is too large";
                let diagnostic =
                    Diagnostic::new(Code::InvalidDimension, message, declaration.span, "in this declaration");
                return scope.finding(|_| diagnostic);
            }
            None => return,
        }
    }
    let (rows, cols) = match sizes[..] {
        [] => (Size::ONE, Size::ONE),
        [n] => (n, Size::ONE),
        [m, n] => (m, n),
        [m, ref rest @ ..] => {
            let cols = scope.sizes.product(rest);
            let unfolded = scope.sizes.product(&sizes);
            let refused = match declaration.properties.first() {
                _ if sizes.contains(&Size::ONE) => "no dimension of a tensor is 1: leave it out".to_string(),
                _ if scope.sizes.is_too_large(unfolded) => "this tensor is too large".to_string(),
                Some(property) => format!("a tensor can't be {}", property.name),
                None => String::new(),
            };
            if !refused.is_empty() {
                let label = "more than two dimensions";
                let diagnostic = Diagnostic::new(Code::InvalidDimension, refused, declaration.span, label);
                return scope.finding(|_| diagnostic);
            }
            (m, cols)
        }
    };
    let tensor = if sizes.len() > 2 { sizes } else { vec![] };
    let properties: Vec<String> = declaration.properties.iter().map(|property| property.name.clone()).collect();
    for ident in &declaration.names {
        let known = scope.names.position(&ident.name).map(|position| &scope.names[position]);
        match known {
            Some(known)
                if (known.rows, &known.tensor) == (rows, &tensor)
                    && (known.cols == cols || !tensor.is_empty())
                    && known.properties == properties => {}
            Some(known) => {
                let first = known.declared.unwrap_or_default();
                let message = format!("`{}` is declared twice, differently", ident.name);
                let diagnostic =
                    Diagnostic::new(Code::ConflictingDeclaration, message, ident.span, "declared again here")
                        .with_label(first, "already declared here");
                scope.finding(|_| diagnostic);
            }
            None => scope.names.push(Name {
                name: ident.name.clone(),
                rows,
                cols,
                tensor: tensor.clone(),
                properties: properties.clone(),
                declared: Some(declaration.span),
                kind: "",
            }),
        }
    }
    if let (Some(property), true) = (declaration.properties.first(), rows != cols || rows == Size::ONE) {
        let name = property.name.clone();
        let message = format!("a matrix that is {name} must be square");
        let diagnostic = Diagnostic::new(Code::NotSquare, message, declaration.span, "this is not square");
        scope.finding(|_| diagnostic);
    }
}

/// Refuses names that are declared as a symbol and used as a dimension.
pub(super) fn two_kinds(scope: &mut Scope) {
    let both: Vec<(String, Span)> = scope
        .names
        .iter()
        .filter(|name| scope.dim_names.contains(&name.name))
        .map(|name| (name.name.clone(), name.declared.unwrap_or_default()))
        .collect();
    for (name, span) in both {
        let message = format!("`{name}` is both a dimension and a symbol");
        let diagnostic = Diagnostic::new(Code::ConflictingDeclaration, message, span, "declared as a symbol here")
            .with_help("give one of them another name");
        scope.finding(|_| diagnostic);
    }
}

/// The dimension that is written; `None` when it has been refused, or is too large.
pub(super) fn dim_of(scope: &mut Scope, dim: &DimExpr) -> Option<Dim> {
    match dim {
        DimExpr::Name(ident) => {
            if !scope.dim_names.contains(&ident.name) {
                scope.dim_names.push(ident.name.clone());
            }
            Some(scope.sizes.dims.name(&ident.name))
        }
        DimExpr::Literal(0, span) => {
            let diagnostic =
                Diagnostic::new(Code::InvalidDimension, "a dimension must be positive, not 0", *span, "this is 0");
            scope.finding(|_| diagnostic);
            None
        }
        DimExpr::Literal(value, _) => Some(scope.sizes.dims.literal(*value)),
        DimExpr::Product(factors) | DimExpr::Sum(factors) => {
            let sum = matches!(dim, DimExpr::Sum(_));
            let mut total: Option<Dim> = None;
            for factor in factors {
                let next = dim_of(scope, factor)?;
                total = match total {
                    None => Some(next),
                    Some(total) if sum => scope.sizes.dims.sum(total, next),
                    Some(total) => scope.sizes.dims.product(total, next),
                };
                scope.sizes.overflow |= total.is_none();
                total?;
            }
            total
        }
    }
}
