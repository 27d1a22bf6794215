//! The page on the trace format: prose with tables made from the types, and a worked trace.
//!
//! In: the schema, the tables of functions, the template `pages/trace.md`. Out: the page. Left to others: writing.

use einstep::Problem;
use einstep::trace::{CALLS, Chain, FUNCTIONS};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write;

const TEMPLATE: &str = include_str!("../pages/trace.md");

/// The question whose trace is shown.
const EXAMPLE: &str = "d/dx a'*x";

/// What the ops mean that a reader has to evaluate: the value, and the shape with what it needs.
const OPS: &[(&str, &str, &str)] = &[
    ("number", "the number", "`[]`"),
    ("size", "the dimension, as a number", "`[]`"),
    ("symbol", "its entries", "that of the symbol"),
    ("identity", "1 where i = j, else 0", "`[n, n]`; `[]` if n is 1"),
    ("ones", "1", "as given"),
    ("zeros", "0", "as given"),
    (
        "add",
        "the sum of the entries at i, j; a scalar counts for every entry",
        "that of the arrays among the terms, which is one",
    ),
    (
        "mul",
        "the product of the scalars, times the entry of the last factor",
        "that of the last factor; the others are scalars",
    ),
    (
        "matmul",
        "sum[j](X[i,j]*Y[j,k]), from left to right",
        "rows of the first, columns of the last; columns and rows between them are equal, no factor is a scalar",
    ),
    ("hadamard", "the product of the entries at i, j", "that of the factors, which is one; no factor is a scalar"),
    ("transpose", "X[j,i]", "columns by rows"),
    (
        "power",
        "the base at i, j to the exponent at i, j; a scalar counts for every entry; a root is the positive one",
        "that of the arrays among the two, which is one",
    ),
    ("matpow", "X*X*…*X, as a product of matrices", "that of the base, which is square; the exponent is at least 2"),
    (
        "block",
        "the entry of the block that row i and column j fall in",
        "the heights of the first blocks of the rows added up, and the widths of the first row; blocks side by side have one \
         height, blocks one above the other one width",
    ),
    ("call", "as below", "as below"),
    ("fn", "the function of each entry", "that of the argument"),
    ("elem", "the entry of the array in the row and column that the indices name", "`[]`; the array is no scalar"),
    ("array", "in row and column `over`, the body", "the products of the dimensions of the rows and of the columns"),
    ("delta", "1 where the two indices are equal, else 0", "`[]`; both indices have one dimension"),
    ("eps", "1, -1 for even, odd permutations of 1, 2, 3, else 0", "`[]`; the indices have dimension 3"),
    ("sum", "the sum of the body for all values of the indices", "`[]`, like the body; at least one index, each once"),
    (
        "prod",
        "the product of the body for all values of the indices",
        "`[]`, like the body; at least one index, each once",
    ),
    ("partial", "the derivative of the body by the element", "`[]`, like both"),
];

/// What the functions of arrays mean, in the input language where that says it, and the shape with what it needs.
const MEANINGS: &[(&str, &str, &str)] = &[
    ("tr", "sum[i](X[i,i])", "`[]`; X is square"),
    ("norm", "the root of the sum of all squares", "`[]`, or the results along a direction"),
    ("normF", "the root of the sum of all squares", "`[]`"),
    ("norm1", "the sum of all absolute values", "`[]`"),
    ("det", "the determinant", "`[]`; X is square"),
    ("logdet", "log(det(X))", "`[]`; X is square"),
    ("inv", "the inverse", "that of X, which is square"),
    ("adj", "the adjugate, det(X)*inv(X) where there is an inverse", "that of X, which is square"),
    ("pinv", "inv(X'*X)*X' if m ≥ n, else X'*inv(X*X'); full rank is supposed", "columns by rows"),
    ("diag", "of a column the matrix with it on the diagonal; of a square matrix the column of its diagonal", "n×n; n"),
    ("vec", "the columns of X below one another", "`[m*n]`"),
    ("kron", "in row (i,k) and column (j,l) X[i,j]*Y[k,l]; i and j are slow", "the products of rows and of columns"),
    ("outer", "x[i]*y[j]", "`[m, n]` of columns of m and n entries"),
    ("dot", "sum[i](x[i]*y[i])", "`[]`; two columns of one dimension"),
    ("cross", "sum[j,k](eps[i,j,k]*x[j]*y[k])", "that of x; two columns of dimension 3"),
    (
        "commutation",
        "of two dimensions m and n, in row (i,j) and column (s,r) delta[i,r]*delta[j,s]; i and s are slow",
        "`[m*n, m*n]`",
    ),
    ("sym", "(X[i,j] + X[j,i])/2", "that of X, which is square"),
    ("skew", "(X[i,j] - X[j,i])/2", "that of X, which is square"),
    ("tril", "X[i,j] where i ≥ j, else 0", "that of X"),
    ("triu", "X[i,j] where i ≤ j, else 0", "that of X"),
    ("sum", "the sum of the entries", "`[]`, or the results along a direction"),
    ("mean", "the sum of the entries through their number", "`[]`, or the results along a direction"),
    ("prod", "the product of the entries", "`[]`, or the results along a direction"),
    ("softmax", "exp(X[i,j]) through the sum of exp of all entries, or of those in its direction", "that of X"),
    ("logsumexp", "the log of the sum of exp of the entries", "`[]`, or the results along a direction"),
    ("e", "exp(1)", "`[]`"),
    ("pi", "π", "`[]`"),
];

/// The page.
pub(crate) fn page() -> String {
    let schema: Value = serde_json::from_str(&einstep::schema()).unwrap_or_default();
    let functions: Vec<String> = FUNCTIONS.iter().map(|name| format!("`{name}`")).collect();
    TEMPLATE
        .replace("{example}", &example())
        .replace("{ops}", &ops(&schema))
        .replace("{calls}", &calls())
        .replace("{functions}", &functions.join(", "))
        .replace("{fields}", fields(&schema).trim_end())
}

/// A trace with one entry of a list on a line, and one step on a line.
fn example() -> String {
    let derived = Problem::parse(EXAMPLE).and_then(|problem| problem.derive());
    let Ok(trace) = derived.as_ref().map(|derived| derived.trace()) else { return String::new() };
    let chains: Vec<String> = trace.chains.iter().map(chain).collect();
    let fields = [
        ("format", json(&trace.format)),
        ("generator", json(&trace.generator)),
        ("problem", json(&trace.problem)),
        ("dims", list(trace.dims.iter().map(json), "  ")),
        ("symbols", list(trace.symbols.iter().map(json), "  ")),
        ("indices", list(trace.indices.iter().map(json), "  ")),
        ("nodes", list(trace.nodes.iter().map(json), "  ")),
        ("shapes", list(trace.shapes.iter().map(json), "  ")),
        ("chains", list(chains.into_iter(), "  ")),
        ("conditions", list(trace.conditions.iter().map(json), "  ")),
        ("result", json(&trace.result)),
    ];
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("  \"{name}\": {value}")).collect();
    format!("{{\n{}\n}}", fields.join(",\n"))
}

fn chain(chain: &Chain) -> String {
    let links = list(chain.links.iter().map(json), "    ");
    format!("{{\"id\": {}, \"left\": {}, \"links\": {links}}}", json(&chain.id), json(&chain.left))
}

/// A list with its entries on lines of their own.
fn list(items: impl Iterator<Item = String>, indent: &str) -> String {
    let items: Vec<String> = items.map(|item| format!("\n{indent}  {item}")).collect();
    if items.is_empty() { "[]".into() } else { format!("[{}\n{indent}]", items.join(",")) }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The table of ops.
fn ops(schema: &Value) -> String {
    let mut table =
        String::from("| op | fields | what it is | entry at i, j | shape |\n| --- | --- | --- | --- | --- |\n");
    let variants = schema["$defs"]["Node"]["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    for variant in variants {
        let op = text(&variant["properties"]["op"]["const"]);
        let own = named(variant).into_iter().filter(|(name, _)| *name != "op");
        let own: Vec<String> = own.map(|(name, field)| format!("`{name}`: {}", sentence(field))).collect();
        let (value, shape) = meaning(OPS, &op);
        let _ = writeln!(table, "| `{op}` | {} | {} | {value} | {shape} |", own.join("<br>"), sentence(variant));
    }
    table.trim_end().into()
}

/// The table of functions of arrays.
fn calls() -> String {
    let mut table = String::from("| name | arguments | value | shape |\n| --- | --- | --- | --- |\n");
    for &(name, least, most) in CALLS {
        let arity = if least == most { least.to_string() } else { format!("{least} or {most}") };
        let (value, shape) = meaning(MEANINGS, name);
        let _ = writeln!(table, "| `{name}` | {arity} | {value} | {shape} |");
    }
    table.trim_end().into()
}

/// What is said of a name; a name of which nothing is said shows in the page, and fails a test.
fn meaning(table: &[(&str, &'static str, &'static str)], name: &str) -> (&'static str, &'static str) {
    table.iter().find(|(known, ..)| *known == name).map_or(("?", "?"), |(_, value, shape)| (value, shape))
}

/// A table of fields for each type but the nodes, the trace itself first.
fn fields(schema: &Value) -> String {
    let mut page = String::new();
    type_page(&mut page, "Trace", schema);
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten().filter(|(name, _)| *name != "Node") {
        type_page(&mut page, name, definition);
    }
    page
}

fn type_page(page: &mut String, name: &str, definition: &Value) {
    let _ = write!(page, "### {name}\n\n{}\n\n", sentence(definition));
    if let Some(variants) = definition["oneOf"].as_array() {
        for variant in variants {
            let own: Vec<String> = match &variant["const"] {
                Value::Null => {
                    named(variant).iter().map(|(name, field)| format!("`{name}`: {}", kind(field))).collect()
                }
                value => vec![format!("`{value}`")],
            };
            let _ = writeln!(page, "- {}: {}", own.join(", "), sentence(variant));
        }
        page.push('\n');
        return;
    }
    let own = named(definition);
    if own.is_empty() {
        return;
    }
    page.push_str("| field | form | |\n| --- | --- | --- |\n");
    let required: Vec<String> = definition["required"].as_array().into_iter().flatten().map(text).collect();
    for (name, field) in own {
        let optional = if required.iter().any(|required| required == name) { "" } else { ", optional" };
        let _ = writeln!(page, "| `{name}` | {}{optional} | {} |", kind(field), sentence(field));
    }
    page.push('\n');
}

/// The fields of an object, in the order of the schema.
fn named(definition: &Value) -> Vec<(&str, &Value)> {
    definition["properties"].as_object().into_iter().flatten().map(|(name, field)| (name.as_str(), field)).collect()
}

/// The form of a field in a few words.
fn kind(field: &Value) -> String {
    if let Some(reference) = field["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_string();
    }
    if let Some(choices) = field["anyOf"].as_array() {
        let choices = choices.iter().filter(|choice| choice["type"] != "null").map(kind);
        return choices.collect::<Vec<_>>().join(" or ");
    }
    let kind_of = match &field["type"] {
        Value::Array(kinds) => kinds.first().map(text).unwrap_or_default(),
        kind => text(kind),
    };
    match (kind_of.as_str(), &field["items"], &field["prefixItems"], &field["additionalProperties"]) {
        ("array", _, Value::Array(parts), _) => format!("[{}]", parts.iter().map(kind).collect::<Vec<_>>().join(", ")),
        ("array", items, ..) => match (field["minItems"].as_u64(), field["maxItems"].as_u64()) {
            (Some(least), Some(most)) if least == most => format!("list of {least} {}", kind(items)),
            _ => format!("list of {}", kind(items)),
        },
        ("object", _, _, values) => format!("map to {}", kind(values)),
        (other, ..) => other.to_string(),
    }
}

/// The description of a part of the schema, in one line that a table can hold.
fn sentence(part: &Value) -> String {
    text(&part["description"]).replace('\n', " ").replace('|', "\\|").replace("[`FORMAT`]", "`einstep-trace/1`")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use einstep::trace::NodeId;

    #[test]
    fn every_op_and_function_is_told_in_order() {
        let schema: Value = serde_json::from_str(&einstep::schema()).unwrap();
        let variants = schema["$defs"]["Node"]["oneOf"].as_array().unwrap();
        let ops: Vec<String> = variants.iter().map(|variant| text(&variant["properties"]["op"]["const"])).collect();
        assert_eq!(ops, OPS.iter().map(|(op, ..)| *op).collect::<Vec<_>>());
        let calls: Vec<&str> = CALLS.iter().map(|(name, ..)| *name).collect();
        assert_eq!(calls, MEANINGS.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
    }

    #[test]
    fn the_example_is_the_whole_trace() {
        let derived = Problem::parse(EXAMPLE).and_then(|problem| problem.derive()).unwrap();
        let mut whole: Value = serde_json::from_str(&derived.to_json(true)).unwrap();
        whole.as_object_mut().unwrap().remove("check");
        assert_eq!(serde_json::from_str::<Value>(&example()).unwrap(), whole);
        // What the prose says of it.
        let NodeId(question) = derived.trace().problem.node;
        let ends: Vec<[u32; 2]> = derived.chains().iter().map(|chain| [chain.left.0, chain.end().0]).collect();
        assert_eq!((question, ends), (3, vec![[3, 10], [12, 19], [20, 0]]));
        let second = &derived.chains()[0].links[1];
        assert_eq!((second.before, &second.at), (NodeId(7), &vec![vec![0, 0]]));
    }

    #[test]
    fn every_place_of_the_template_is_filled() {
        let page = page();
        for part in ["{example}", "{ops}", "{calls}", "{functions}", "{fields}", "| ? |"] {
            assert!(!page.contains(part), "{part}");
        }
        assert!(page.contains("### Step\n"));
    }
}
