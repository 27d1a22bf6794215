//! The order of bound indices that join factors to paths and cycles, found without a search.
//!
//! In: the bound indices of a sum and the factors of its body. Out: the indices in an order that does not depend on their names
//! or on the order of the factors; nothing where one of them joins more than two others. Left to others: renaming.
//!
//! A path is read from one end, a cycle from where its word is least; of the two directions the lesser word counts.

use crate::dim::Dim;
use crate::node::*;
use crate::store::Store;
use rustc_hash::FxHashMap;

/// What a walk meets at one index: its dimension, what else stands there, and the factor that leads on.
type Letter = (Dim, Id, Option<Id>);

/// A factor that joins two indices, with its canonical forms in both directions.
struct Edge {
    ends: [usize; 2],
    forms: [Id; 2],
}

/// The bound indices as vertices, by their positions.
struct Graph {
    labels: Vec<(Dim, Id)>,
    edges: Vec<Edge>,
    /// The edges at each vertex, at most two.
    at: Vec<[Option<usize>; 2]>,
}

/// A component: what it says, and its vertices in that order.
type Component = (Vec<Letter>, Vec<usize>);

/// The indices in canonical order.
pub(super) fn order(store: &mut Store, over: &Indices, factors: &[Id], depth: u32) -> Option<Indices> {
    let graph = Graph::of(store, over, factors, depth)?;
    let mut components = graph.components();
    components.sort();
    Some(components.into_iter().flat_map(|(_, vertices)| vertices).map(|vertex| over[vertex]).collect())
}

impl Graph {
    fn of(store: &mut Store, over: &Indices, factors: &[Id], depth: u32) -> Option<Graph> {
        let vertices: FxHashMap<Index, usize> =
            over.iter().enumerate().map(|(vertex, &index)| (index, vertex)).collect();
        let mut labels: Vec<Vec<Id>> = vec![Vec::new(); over.len()];
        let mut edges: Vec<Edge> = Vec::new();
        let mut at = vec![[None; 2]; over.len()];
        for &factor in factors {
            let bound: Indices =
                store.free(factor).iter().copied().filter(|index| vertices.contains_key(index)).collect();
            match bound[..] {
                [] => {}
                [index] => labels[vertices[&index]].push(form(store, factor, &[index], depth)),
                [from, to] => {
                    let ends = [vertices[&from], vertices[&to]];
                    for end in ends {
                        *at[end].iter_mut().find(|place| place.is_none())? = Some(edges.len());
                    }
                    let forms = [[from, to], [to, from]].map(|pair| form(store, factor, &pair, depth));
                    edges.push(Edge { ends, forms });
                }
                _ => return None,
            }
        }
        let label = |(&index, mut labels): (&Index, Vec<Id>)| {
            labels.sort_unstable();
            (store.index_info(index).dim, store.mul(labels))
        };
        let labels = over.iter().zip(labels).map(label).collect();
        Some(Graph { labels, edges, at })
    }

    fn components(&self) -> Vec<Component> {
        let mut seen = vec![false; self.labels.len()];
        let is_end = |vertex: &usize| self.at[*vertex][1].is_none();
        let ends: Vec<usize> = (0..self.labels.len()).filter(is_end).collect();
        let mut components = Vec::new();
        // What is left once every path has been walked are cycles.
        for start in ends.into_iter().chain(0..self.labels.len()) {
            if !seen[start] {
                let (vertices, edges) = self.walk(start, &mut seen);
                components.push(self.read(&vertices, &edges));
            }
        }
        components
    }

    /// The vertices and the edges from a vertex on; a cycle has as many of the one as of the other.
    fn walk(&self, start: usize, seen: &mut [bool]) -> (Vec<usize>, Vec<usize>) {
        let (mut vertices, mut edges) = (vec![start], Vec::new());
        seen[start] = true;
        let mut next = self.at[start][0];
        while let Some(edge) = next {
            edges.push(edge);
            let here = vertices[vertices.len() - 1];
            let there = self.across(edge, here);
            if there == start {
                break;
            }
            seen[there] = true;
            vertices.push(there);
            next = self.at[there].into_iter().flatten().find(|&other| other != edge);
        }
        (vertices, edges)
    }

    fn across(&self, edge: usize, vertex: usize) -> usize {
        let [from, to] = self.edges[edge].ends;
        if from == vertex { to } else { from }
    }

    fn read(&self, vertices: &[usize], edges: &[usize]) -> Component {
        let back: Vec<usize> = match edges.len() == vertices.len() {
            // A cycle is left backwards by the edge that closes it.
            true => vertices[..1].iter().chain(vertices[1..].iter().rev()).copied().collect(),
            false => vertices.iter().rev().copied().collect(),
        };
        let forth = self.word(vertices.to_vec(), edges.iter().copied());
        let back = self.word(back, edges.iter().rev().copied());
        forth.min(back)
    }

    /// What a walk reads, a cycle from where that is least.
    fn word(&self, mut vertices: Vec<usize>, edges: impl Iterator<Item = usize>) -> Component {
        let mut edges = edges.map(Some).chain([None]);
        let mut word: Vec<Letter> = Vec::with_capacity(vertices.len());
        for &vertex in &vertices {
            let (dim, label) = self.labels[vertex];
            let edge = edges.next().flatten().map(|edge| {
                let Edge { ends, forms } = &self.edges[edge];
                forms[usize::from(ends[0] != vertex)]
            });
            word.push((dim, label, edge));
        }
        if word.last().is_some_and(|(.., edge)| edge.is_some()) {
            let start = least_rotation(&word);
            word.rotate_left(start);
            vertices.rotate_left(start);
        }
        (word, vertices)
    }
}

/// The canonical form of a factor in which some bound indices have the first canonical names.
fn form(store: &mut Store, factor: Id, indices: &[Index], depth: u32) -> Id {
    let mut names = Indices::new();
    for (position, &index) in indices.iter().enumerate() {
        let dim = store.index_info(index).dim;
        names.push(store.canonical_index(dim, depth + position as u32));
    }
    let name = |index: Index| indices.iter().position(|&other| other == index).map(|position| names[position]);
    let form = store.named(factor, name);
    store.canonical_at(form, depth + 2)
}

/// Where the least rotation of a word begins.
fn least_rotation<T: Ord>(word: &[T]) -> usize {
    let at = |position: usize| &word[position % word.len()];
    let (mut first, mut second, mut same) = (0, 1, 0);
    while first < word.len() && second < word.len() && same < word.len() {
        match at(first + same).cmp(at(second + same)) {
            std::cmp::Ordering::Equal => {
                same += 1;
                continue;
            }
            std::cmp::Ordering::Greater => first += same + 1,
            std::cmp::Ordering::Less => second += same + 1,
        }
        if first == second {
            second += 1;
        }
        same = 0;
    }
    first.min(second)
}

#[cfg(test)]
mod tests {
    use super::least_rotation;
    use crate::{Dim, Id, Index, Node, Role, Shape, Store, SymbolInfo};

    #[test]
    fn the_least_rotation_is_the_least() {
        for word in ["a", "ba", "abab", "bbab", "cabcab", "zaazab", "aaaa"] {
            let bytes = word.as_bytes();
            let rotation = |start: usize| [&bytes[start..], &bytes[..start]].concat();
            let least = (0..bytes.len()).map(rotation).min().unwrap();
            assert_eq!(rotation(least_rotation(bytes)), least, "{word}");
        }
    }

    /// A store with a square matrix and a vector.
    fn store() -> (Store, Dim, [Id; 2]) {
        let mut store = Store::new();
        let n = store.dims.name("n");
        let symbols = [("T", n), ("x", Dim::ONE)].map(|(name, cols)| {
            let shape = Shape { rows: n, cols };
            let info = SymbolInfo {
                name: name.into(),
                shape,
                properties: vec![],
                declared: true,
                variable: false,
                parameter: None,
            };
            let symbol = store.symbol(info);
            store.intern(Node::Symbol(symbol))
        });
        (store, n, symbols)
    }

    /// The sum of a product of matrices along edges, in an order and with indices that a number chooses.
    fn disguised(store: &mut Store, dim: Dim, of: Id, edges: &[[usize; 2]], ends: &[(Id, usize)], seed: usize) -> Id {
        let vertices = 1 + edges.iter().flatten().copied().max().unwrap_or(0);
        let mut indices: Vec<Index> = (0..vertices).map(|_| store.index(dim, Role::Sum, "")).collect();
        indices.rotate_left(seed % vertices);
        if seed % 2 == 1 {
            indices.reverse();
        }
        let mut factors: Vec<Id> =
            edges.iter().map(|edge| store.elem(of, edge.map(|vertex| indices[vertex]))).collect();
        factors.extend(ends.iter().map(|(label, vertex)| store.elem(*label, [indices[*vertex]])));
        let by = seed % factors.len();
        factors.rotate_left(by);
        let product = store.mul(factors);
        store.sum(indices, product)
    }

    #[test]
    fn equal_walks_have_one_form_and_others_have_others() {
        for length in [1, 2, 3, 8, 50] {
            let (mut store, dim, [matrix, vector]) = store();
            let cycle: Vec<[usize; 2]> = (0..length).map(|k| [k, (k + 1) % length]).collect();
            let path: Vec<[usize; 2]> = (0..length).map(|k| [k, k + 1]).collect();
            // One factor the other way round makes another product.
            let mut turned = path.clone();
            turned[0].reverse();
            let ends = [(vector, 0), (vector, length)];
            let problems = [(&cycle, &ends[..0]), (&path, &ends[..]), (&path, &ends[..1]), (&turned, &ends[..1])];
            let mut forms = Vec::new();
            for (edges, ends) in problems {
                let first = disguised(&mut store, dim, matrix, edges, ends, 0);
                let form = store.canonical(first);
                for seed in 1..12 {
                    let other = disguised(&mut store, dim, matrix, edges, ends, seed);
                    assert_eq!(store.canonical(other), form, "{length} factors, seed {seed}");
                }
                assert!(!forms.contains(&form), "{length} factors");
                forms.push(form);
            }
        }
    }
}
