//! Text to nodes and back, for tests.
//!
//! In: declarations, letters with their dimensions, an expression in index notation. Out: a node; a node as text.

use einstep_expr::{Args, Axis, Dim, Function, Id, Index, Indices, Node, Rat, Role, Scalar, Shape, Store, SymbolInfo};
use einstep_syntax::{Big, DimExpr, Expr, ExprKind, Index as Written, Sign, parse_declarations, parse_expression};

/// A store with symbols and indices that have names.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub(crate) store: Store,
    letters: Vec<(String, Index)>,
    symbols: Vec<(String, Id)>,
}

impl Room {
    /// `given` declares symbols, `letters` says what the indices run over: `i:m j:n`. Indices in capitals are those of the
    /// answer, in their order.
    pub(crate) fn new(given: &str, letters: &str) -> Room {
        let mut room = Room::default();
        for letter in letters.split_whitespace() {
            let (name, dim) = letter.split_once(':').unwrap_or_else(|| panic!("{letter}"));
            let role = if name.starts_with(char::is_uppercase) { Role::Variable } else { Role::Sum };
            let dim = room.dim_text(dim);
            let index = room.store.index(dim, role, &name.to_lowercase());
            room.letters.push((name.to_lowercase(), index));
        }
        let parsed = parse_declarations(given, 0);
        assert!(parsed.diagnostics.is_empty(), "{given}");
        for declaration in parsed.value {
            let dims: Vec<Dim> = declaration.dims.iter().map(|dim| room.dim(dim)).collect();
            let shape = match dims[..] {
                [] => Shape::SCALAR,
                [rows] => Shape { rows, cols: Dim::ONE },
                [rows, cols] => Shape { rows, cols },
                _ => panic!("{given}"),
            };
            let properties: Vec<String> = declaration.properties.into_iter().map(|property| property.name).collect();
            for name in declaration.names {
                let (properties, name) = (properties.clone(), name.name);
                let info = SymbolInfo {
                    name: name.clone(),
                    shape,
                    properties,
                    declared: true,
                    variable: false,
                    parameter: None,
                };
                let symbol = room.store.symbol(info);
                let node = room.store.intern(Node::Symbol(symbol));
                room.symbols.push((name, node));
            }
        }
        room
    }

    fn dim_text(&mut self, text: &str) -> Dim {
        text.split('*').fold(Dim::ONE, |product, name| {
            let next = match name.parse() {
                Ok(value) => self.store.dims.literal(value),
                Err(_) => self.store.dims.name(name),
            };
            self.store.dims.product(product, next).unwrap_or(next)
        })
    }

    fn dim(&mut self, dim: &DimExpr) -> Dim {
        match dim {
            DimExpr::Name(name) => self.store.dims.name(&name.name),
            DimExpr::Literal(value, _) => self.store.dims.literal(*value),
            DimExpr::Product(args) => args.iter().fold(Dim::ONE, |product, dim| {
                let next = self.dim(dim);
                self.store.dims.product(product, next).unwrap_or(next)
            }),
            DimExpr::Sum(_) => panic!("a sum of dimensions"),
        }
    }

    pub(crate) fn index(&self, name: &str) -> Index {
        self.letters.iter().find(|(letter, _)| letter == name).unwrap_or_else(|| panic!("index {name}")).1
    }

    fn indices<'a>(&self, names: impl Iterator<Item = &'a str>) -> Indices {
        names.map(|name| self.index(name)).collect()
    }

    /// The node of an expression.
    pub(crate) fn read(&mut self, text: &str) -> Id {
        let parsed = parse_expression(text, 0);
        assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
        self.expr(&parsed.value)
    }

    fn power(&mut self, base: Id, exponent: Id) -> Id {
        self.store.intern(Node::Power(base, exponent))
    }

    fn inverse(&mut self, id: Id) -> Id {
        match self.store.as_number(id).cloned() {
            Some(number) => self.store.number(number.recip().unwrap_or(Rat::ZERO)),
            None => self.store.power(id, Rat::int(-1)),
        }
    }

    fn expr(&mut self, expr: &Expr) -> Id {
        match &expr.kind {
            ExprKind::Number(number) => {
                let value = Rat::decimal(&number.digits, number.exponent).unwrap_or(Rat::ZERO);
                self.store.number(value)
            }
            ExprKind::Name(name) => self.name(name),
            ExprKind::Negate(inner) => {
                let inner = self.expr(inner);
                self.store.scale(Rat::int(-1), inner)
            }
            ExprKind::Sum(terms) => {
                let terms: Vec<Id> = terms
                    .iter()
                    .map(|(sign, term)| {
                        let term = self.expr(term);
                        if *sign == Sign::Minus { self.store.scale(Rat::int(-1), term) } else { term }
                    })
                    .collect();
                self.store.add(terms)
            }
            ExprKind::Product(factors) => {
                let factors: Vec<Id> = factors.iter().map(|factor| self.expr(factor)).collect();
                let (scalars, arrays): (Vec<Id>, Vec<Id>) =
                    factors.into_iter().partition(|&factor| self.store.shape(factor).is_scalar());
                let array = (!arrays.is_empty()).then(|| self.store.matmul(arrays));
                self.store.mul(scalars.into_iter().chain(array))
            }
            ExprKind::Hadamard(factors) => {
                let factors: Vec<Id> = factors.iter().map(|factor| self.expr(factor)).collect();
                self.store.hadamard(factors)
            }
            ExprKind::Quotient(over, under) => {
                let (over, under) = (self.expr(over), self.expr(under));
                let under = self.inverse(under);
                if self.store.as_number(over).is_some_and(Rat::is_one) { under } else { self.store.mul([over, under]) }
            }
            ExprKind::ElementQuotient(over, under) => {
                let (over, under) = (self.expr(over), self.expr(under));
                let under = self.inverse(under);
                self.store.hadamard([over, under])
            }
            ExprKind::Power(base, exponent) | ExprKind::ElementPower(base, exponent) => {
                let (base, exponent) = (self.expr(base), self.expr(exponent));
                self.power(base, exponent)
            }
            ExprKind::Transpose(inner) => {
                let inner = self.expr(inner);
                self.store.transpose(inner)
            }
            ExprKind::Call(name, args) => self.call(&name.name, args),
            ExprKind::Element(of, at) => {
                let names = at.iter().map(|index| match index {
                    Written::Name(name) => name.name.as_str(),
                    Written::Literal(..) => panic!("a literal index"),
                });
                let at = self.indices(names);
                match &of.kind {
                    ExprKind::Name(name) if name == "delta" => self.store.intern(Node::Delta(at[0], at[1])),
                    ExprKind::Name(name) if name == "eps" => self.store.intern(Node::Eps([at[0], at[1], at[2]])),
                    ExprKind::Name(name) if name == "I" => {
                        let identity = self.store.intern(Node::Identity(self.store.index_info(at[0]).dim));
                        self.store.elem(identity, at)
                    }
                    _ => {
                        let of = self.expr(of);
                        self.store.elem(of, at)
                    }
                }
            }
            ExprKind::Big(big, over, body) => {
                let over = self.indices(over.iter().map(|name| name.name.as_str()));
                let body = self.expr(body);
                match big {
                    Big::Sum => self.store.intern(Node::Sum(over, body)),
                    Big::Product => self.store.intern(Node::Prod(over, body)),
                    Big::Array => self.store.intern(Node::Array(over, 1, body)),
                }
            }
            other => panic!("{other:?}"),
        }
    }

    fn name(&mut self, name: &str) -> Id {
        if let Some((_, symbol)) = self.symbols.iter().find(|(known, _)| known == name) {
            return *symbol;
        }
        let dim = self.store.dims.name(name);
        self.store.intern(Node::Size(dim))
    }

    fn call(&mut self, name: &str, written: &[Expr]) -> Id {
        let axis = match written.get(1).map(|axis| &axis.kind) {
            Some(ExprKind::Number(number)) if number.digits == "1" => Axis::Rows,
            Some(ExprKind::Number(_)) => Axis::Cols,
            _ => Axis::All,
        };
        if name == "ones" {
            let dims: Vec<Dim> = written
                .iter()
                .map(|arg| match &arg.kind {
                    ExprKind::Name(name) => self.store.dims.name(name),
                    other => panic!("{other:?}"),
                })
                .collect();
            let shape = Shape { rows: dims[0], cols: dims.get(1).copied().unwrap_or(Dim::ONE) };
            return self.store.intern(Node::Ones(shape));
        }
        let args: Args =
            if axis == Axis::All { written } else { &written[..1] }.iter().map(|arg| self.expr(arg)).collect();
        if let Some(function) = Scalar::named(name) {
            return self.store.apply(function, args[0]);
        }
        let vector = self.store.shape(args[0]).slots().len() < 2;
        let function = match name {
            "sqrt" => return self.store.power(args[0], Rat::fraction(1, 2)),
            "tr" => Function::Trace,
            "norm" => Function::Norm(axis),
            "normF" => Function::NormF,
            "norm1" => Function::Norm1,
            "inv" => Function::Inv,
            "diag" if vector => Function::Diag,
            "diag" => Function::Diagonal,
            "vec" => Function::Vec,
            "kron" => Function::Kron,
            "cross" => Function::Cross,
            "sum" => Function::Sum(axis),
            "mean" => Function::Mean(axis),
            "prod" => Function::Prod(axis),
            "softmax" => Function::Softmax(axis),
            "logsumexp" => Function::LogSumExp(axis),
            other => panic!("{other}"),
        };
        self.store.call(function, args)
    }
}

/// A node as text, with every operand in brackets that is not a name or a call.
pub(crate) fn text(store: &Store, id: Id) -> String {
    let letters = |at: &[Index]| at.iter().map(|&index| letter(store, index)).collect::<Vec<_>>().join(",");
    let operand = |id: Id| match store.node(id) {
        Node::Add(_) | Node::Mul(_) | Node::Matmul(_) | Node::Hadamard(_) => format!("({})", text(store, id)),
        Node::Power(..) => format!("({})", text(store, id)),
        Node::Number(value) if value.is_negative() || value.as_int().is_none() => format!("({})", text(store, id)),
        _ => text(store, id),
    };
    let list = |args: &Args, sign: &str| args.iter().map(|&arg| operand(arg)).collect::<Vec<_>>().join(sign);
    let dims = |shape: &Shape| shape.slots().iter().map(|&dim| store.dims.text(dim)).collect::<Vec<_>>().join(",");
    match store.node(id) {
        Node::Number(value) => value.to_string(),
        Node::Size(dim) => store.dims.text(*dim).to_string(),
        Node::Symbol(symbol) => store.symbol_info(*symbol).name.clone(),
        Node::Identity(_) => "I".into(),
        Node::Ones(shape) => format!("ones({})", dims(shape)),
        Node::Zeros(shape) => format!("zeros({})", dims(shape)),
        Node::Add(args) => args.iter().map(|&arg| text(store, arg)).collect::<Vec<_>>().join(" + "),
        Node::Mul(args) | Node::Matmul(args) => list(args, "*"),
        Node::Hadamard(args) => list(args, " .* "),
        Node::Transpose(arg) => format!("{}'", operand(*arg)),
        Node::Power(base, exponent) => {
            let sign = if store.shape(id).is_scalar() { "^" } else { ".^" };
            format!("{}{sign}{}", operand(*base), operand(*exponent))
        }
        Node::Matpow(base, exponent) => format!("{}^{exponent}", operand(*base)),
        Node::Block(cols, args) => {
            let texts: Vec<String> = args.iter().map(|&arg| text(store, arg)).collect();
            format!("[{}]", texts.chunks(*cols as usize).map(|row| row.join(", ")).collect::<Vec<_>>().join("; "))
        }
        Node::Call(function, args) => {
            let axis = match function.axis() {
                Axis::All => "",
                Axis::Rows => ",1",
                Axis::Cols => ",2",
            };
            let args: Vec<String> = args.iter().map(|&arg| text(store, arg)).collect();
            format!("{}({}{axis})", function.name(), args.join(","))
        }
        Node::Apply(function, arg) => format!("{}({})", function.name(), text(store, *arg)),
        Node::Elem(of, at) => format!("{}[{}]", operand(*of), letters(at)),
        Node::Array(over, _, body) => format!("array[{}]({})", letters(over), text(store, *body)),
        Node::Delta(i, j) => format!("delta[{}]", letters(&[*i, *j])),
        Node::Eps(at) => format!("eps[{}]", letters(at)),
        Node::Sum(over, body) => format!("sum[{}]({})", letters(over), text(store, *body)),
        Node::Prod(over, body) => format!("prod[{}]({})", letters(over), text(store, *body)),
        Node::Partial(body, by) => format!("d/d{} {}", text(store, *by), text(store, *body)),
    }
}

fn letter(store: &Store, index: Index) -> String {
    let letter = &store.index_info(index).letter;
    if letter.is_empty() { format!("i{}", index.number()) } else { letter.clone() }
}
