//! Nodes from text.
//!
//! In: a trace, an expression over its symbols and letters. Out: the trace with the nodes of the expression.
//! Left to others: whether they make sense. An index is the first one of its letter in the lines beside it, else in the trace.

use einstep::syntax::{Big, Expr, ExprKind, Index, Number, Sign, parse_expression, print};
use einstep::trace::{CALLS, Derivation, Dim, IndexId, Node, NodeId, Rational, Reading, SymbolId, Table};

/// The node of a text.
///
/// # Errors
/// A text that can't be read, or an operation that has no node here.
pub(super) fn make(derivation: &mut Derivation, text: &str, lines: &[NodeId]) -> Result<NodeId, String> {
    let parsed = parse_expression(text, 0);
    let letters = letters(derivation, lines);
    match parsed.diagnostics.first() {
        Some(diagnostic) => Err(format!("`{text}`: {}", diagnostic.message)),
        None => Maker { derivation, letters }.node(&parsed.value),
    }
}

/// A line with what stands at a place exchanged.
///
/// # Errors
/// There is no such place.
pub(super) fn exchange(derivation: &mut Derivation, line: NodeId, path: &[u32], new: NodeId) -> Result<NodeId, String> {
    let Some((&first, rest)) = path.split_first() else { return Ok(new) };
    let mut node = derivation.nodes[line.at()].clone();
    let old = *node.children().get(first as usize).ok_or("no such place")?;
    let new = exchange(derivation, old, rest, new)?;
    match &mut node {
        Node::Add { args }
        | Node::Mul { args }
        | Node::Matmul { args }
        | Node::Hadamard { args }
        | Node::Call { args, .. } => args[first as usize] = new,
        Node::Transpose { arg } | Node::Fn { arg, .. } => *arg = new,
        Node::Power { base, exponent } => *(if first == 0 { base } else { exponent }) = new,
        Node::Matpow { base, .. } => *base = new,
        Node::Elem { of, .. } => *of = new,
        Node::Array { body, .. } | Node::Sum { body, .. } | Node::Prod { body, .. } => *body = new,
        Node::Partial { body, by, .. } => *(if first == 0 { body } else { by }) = new,
        _ => return Err("no such place".into()),
    }
    Ok(Maker { derivation, letters: vec![] }.push(node))
}

/// The indices in some lines, then all of them.
fn letters(derivation: &Derivation, lines: &[NodeId]) -> Vec<IndexId> {
    let mut below = vec![false; derivation.nodes.len()];
    lines.iter().for_each(|line| below[line.at()] = true);
    let mut found = Vec::new();
    for (position, node) in derivation.nodes.iter().enumerate().rev() {
        if below[position] {
            node.children().iter().for_each(|child| below[child.at()] = true);
            found.extend(node.bound());
            match node {
                Node::Elem { at, .. } => found.extend(at),
                Node::Delta { at } => found.extend(at),
                _ => {}
            }
        }
    }
    found.extend(derivation.indices.iter().map(|index| index.id));
    found
}

struct Maker<'a> {
    derivation: &'a mut Derivation,
    letters: Vec<IndexId>,
}

impl Maker<'_> {
    fn push(&mut self, node: Node) -> NodeId {
        let position = self.derivation.nodes.iter().position(|other| *other == node).unwrap_or_else(|| {
            self.derivation.nodes.push(node);
            self.derivation.nodes.len() - 1
        });
        NodeId(position as u32)
    }

    fn nodes(&mut self, items: &[Expr]) -> Result<Vec<NodeId>, String> {
        items.iter().map(|item| self.node(item)).collect()
    }

    fn number(&mut self, text: &str) -> NodeId {
        self.push(Node::Number { value: Rational(text.into()) })
    }

    fn is_array(&self, id: NodeId) -> Result<bool, String> {
        Ok(!Table::read(self.derivation).map_err(|error| error.to_string())?.shape(id).is_empty())
    }

    fn node(&mut self, expr: &Expr) -> Result<NodeId, String> {
        let node = match &expr.kind {
            ExprKind::Number(Number { digits, exponent }) => {
                return Ok(match *exponent {
                    0 => self.number(digits),
                    _ if *exponent > 0 => self.number(&format!("{digits}{}", "0".repeat(*exponent as usize))),
                    _ => self.number(&format!("{digits}/1{}", "0".repeat(exponent.unsigned_abs() as usize))),
                });
            }
            ExprKind::Name(name) => match self.symbol(name) {
                Some(symbol) => Node::Symbol { symbol },
                None => Node::Size { dim: Dim(name.clone()) },
            },
            ExprKind::Negate(a) => match &a.kind {
                ExprKind::Number(number) => return Ok(self.number(&format!("-{}", number.digits))),
                _ => return self.scaled("-1", a),
            },
            ExprKind::Sum(terms) => {
                let term = |(sign, term): &(Sign, Expr)| match sign {
                    Sign::Plus => self.node(term),
                    Sign::Minus => self.scaled("-1", term),
                };
                Node::Add { args: terms.iter().map(term).collect::<Result<_, _>>()? }
            }
            ExprKind::Product(items) => {
                let args = self.nodes(items)?;
                return self.product(args);
            }
            ExprKind::Quotient(over, under) => {
                let (over, base) = (self.node(over)?, self.node(under)?);
                let exponent = self.number("-1");
                let under = self.push(Node::Power { base, exponent });
                let one = self.number("1");
                return if over == one { Ok(under) } else { self.product(vec![over, under]) };
            }
            ExprKind::Hadamard(items) => Node::Hadamard { args: self.nodes(items)? },
            ExprKind::Transpose(arg) => Node::Transpose { arg: self.node(arg)? },
            ExprKind::Power(base, exponent) | ExprKind::ElementPower(base, exponent) => {
                let whole = print(exponent).parse();
                let base = self.node(base)?;
                match whole {
                    Ok(exponent) if matches!(expr.kind, ExprKind::Power(..)) && self.is_array(base)? => {
                        Node::Matpow { base, exponent }
                    }
                    _ => Node::Power { base, exponent: self.node(exponent)? },
                }
            }
            ExprKind::Call(name, args) => self.call(&name.name, args)?,
            ExprKind::Element(of, at) => {
                let at = at.iter().map(|index| self.index(index)).collect::<Result<Vec<_>, _>>()?;
                match (&of.kind, at.as_slice()) {
                    (ExprKind::Name(name), &[i, j]) if name == "delta" => Node::Delta { at: [i, j] },
                    _ => Node::Elem { of: self.node(of)?, at },
                }
            }
            ExprKind::Big(big, over, body) => {
                let over = over.iter().map(|ident| self.letter(&ident.name)).collect::<Result<Vec<_>, _>>()?;
                let body = self.node(body)?;
                match big {
                    Big::Sum => Node::Sum { over, body },
                    Big::Product => Node::Prod { over, body },
                    Big::Array => Node::Array { over, rows: 1, body },
                }
            }
            ExprKind::Derivative(by, body) => {
                let symbol = self.symbol(&by.name.name).ok_or("an unknown variable")?;
                let mut variable = self.push(Node::Symbol { symbol });
                if !by.element.is_empty() {
                    let at = by.element.iter().map(|index| self.index(index)).collect::<Result<_, _>>()?;
                    variable = self.push(Node::Elem { of: variable, at });
                }
                Node::Partial { body: self.node(body)?, by: variable, reading: Reading::Free }
            }
            ExprKind::Block(rows) => {
                Node::Block { blocks: rows.iter().map(|row| self.nodes(row)).collect::<Result<_, _>>()? }
            }
            _ => return Err(format!("`{}` has no node", print(expr))),
        };
        Ok(self.push(node))
    }

    /// A product: the scalars first, then what is left as one matrix product.
    fn product(&mut self, args: Vec<NodeId>) -> Result<NodeId, String> {
        let (mut scalars, mut arrays) = (vec![], vec![]);
        for arg in args {
            match (self.is_array(arg)?, self.derivation.nodes[arg.at()].clone()) {
                (true, _) => arrays.push(arg),
                (false, Node::Mul { args }) => scalars.extend(args),
                (false, _) => scalars.push(arg),
            }
        }
        let array = if arrays.len() > 1 { Some(self.push(Node::Matmul { args: arrays })) } else { arrays.pop() };
        scalars.extend(array);
        Ok(if scalars.len() > 1 { self.push(Node::Mul { args: scalars }) } else { scalars[0] })
    }

    fn scaled(&mut self, by: &str, expr: &Expr) -> Result<NodeId, String> {
        let args = vec![self.number(by), self.node(expr)?];
        self.product(args)
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Result<Node, String> {
        let shape = || args.iter().map(|arg| Dim(print(arg))).collect();
        Ok(match name {
            "sqrt" => {
                let half = self.number("1/2");
                Node::Power { base: self.node(&args[0])?, exponent: half }
            }
            "eye" => Node::Identity { dim: Dim(print(&args[0])) },
            "ones" => Node::Ones { shape: shape() },
            "zeros" => Node::Zeros { shape: shape() },
            _ if CALLS.iter().any(|(known, ..)| *known == name) => {
                Node::Call { name: name.into(), args: self.nodes(args)? }
            }
            _ => Node::Fn { name: name.into(), arg: self.node(&args[0])? },
        })
    }

    fn symbol(&self, name: &str) -> Option<SymbolId> {
        let position = self.derivation.symbols.iter().position(|symbol| symbol.name == name)?;
        Some(SymbolId(position as u32))
    }

    fn index(&self, index: &Index) -> Result<IndexId, String> {
        match index {
            Index::Name(ident) => self.letter(&ident.name),
            Index::Literal(position, _) => self.letter(&position.to_string()),
        }
    }

    fn letter(&self, letter: &str) -> Result<IndexId, String> {
        let is_called = |index: &&IndexId| self.derivation.indices[index.at()].name == letter;
        self.letters.iter().find(is_called).copied().ok_or_else(|| format!("no index `{letter}`"))
    }
}
