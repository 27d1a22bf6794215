//! The one place where rules are applied: finding the places, exchanging them, keeping what was done.
//!
//! In: rules from the catalogue. Out: the links of a chain. Left to others: which rules a pass tries, and in what order.

use crate::lemmas::Citation;
use crate::limits::Limits;
use crate::places::Places;
use crate::slots::Slots;
use einstep_expr::{Args, Function, Id, Node, Path, Store};
use einstep_trace::{MarkKind, Phase, RuleStatement};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// A rule: its statement, and the function that applies it at one place.
pub(crate) struct Rule {
    /// What is to be known of it.
    pub(crate) statement: RuleStatement,
    /// Where it is tried.
    pub(crate) scope: Scope,
    /// The kinds of nodes where it can apply at all.
    pub(crate) places: Places,
    /// Rewrites one node, or says that the rule does not apply there.
    pub(crate) apply: fn(&mut Store, Id) -> Option<Rewrite>,
}

/// Where a rule is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    /// At every node.
    Anywhere,
    /// At every node of what is yet to be differentiated.
    Pending,
    /// At whole terms: not at the product under a sum, nor at an element that is a factor or summand.
    Term,
}

/// What a rule makes of one place.
#[derive(Debug)]
pub(crate) struct Rewrite {
    /// What stands there now.
    pub(crate) to: Id,
    /// The values of the slots of the rule's sentence.
    pub(crate) slots: Slots,
    /// Marked places, as paths from `to`.
    pub(crate) marks: Vec<(MarkKind, Path)>,
    /// What must hold for the rule to hold.
    pub(crate) needs: Option<Need>,
    /// The lemma that the rule takes in one step.
    pub(crate) cites: Option<Citation>,
}

/// What must hold for a step to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    /// A scalar, which may depend on indices, or a matrix.
    pub(crate) node: Id,
    /// What it must be.
    pub(crate) kind: Needed,
}

/// What a node must be; a scalar with indices, for all values of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needed {
    /// Not zero.
    Nonzero,
    /// Positive.
    Positive,
    /// An invertible matrix.
    Invertible,
    /// A matrix of full rank.
    FullRank,
}

impl Rewrite {
    /// A rewrite that says nothing of its own.
    pub(crate) fn to(to: Id) -> Rewrite {
        Rewrite { to, slots: Slots::new(), marks: Vec::new(), needs: None, cites: None }
    }

    /// With the value of a slot.
    pub(crate) fn slot(mut self, name: &'static str, value: impl Into<crate::slots::Value>) -> Rewrite {
        self.slots.push((name, value.into()));
        self
    }
}

/// One link of a chain.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) rule: &'static RuleStatement,
    pub(crate) phase: Phase,
    pub(crate) before: Id,
    pub(crate) after: Id,
    pub(crate) places: Vec<Place>,
    pub(crate) steps: Vec<Link>,
}

/// One place at which a rule was applied.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) at: Path,
    pub(crate) from: Id,
    pub(crate) to: Id,
    pub(crate) slots: Vec<Slots>,
    /// Paths from `to`.
    pub(crate) marks: Vec<(MarkKind, Path)>,
    pub(crate) needs: Vec<Need>,
    /// The uses of a lemma.
    pub(crate) cites: Vec<Citation>,
}

/// A chain under construction.
#[derive(Debug)]
pub(crate) struct Work<'s> {
    pub(crate) store: &'s mut Store,
    pub(crate) line: Id,
    pub(crate) left: Id,
    pub(crate) links: Vec<Link>,
    pub(crate) phase: Phase,
    /// How much more may be done.
    pub(crate) left_over: &'s mut Limits,
    /// The elements whose derivatives wait until the inner ones are done.
    waiting: Args,
    idle: Idle,
    /// Where a search has come to.
    path: Path,
}

/// Where attempts have been found not to apply, nor anywhere below.
#[derive(Debug)]
struct Idle {
    /// The attempts by number: the rule by its address, whether it is tried alone, its scope.
    attempts: FxHashMap<(usize, bool, Scope), u64>,
    visits: FxHashSet<u64>,
}

/// A rule as it is tried: by itself, or by a function that knows more than the rule alone.
#[derive(Clone, Copy)]
struct Attempt<'f> {
    rule: &'static Rule,
    scope: Scope,
    alone: bool,
    apply: Apply<'f>,
}

impl Idle {
    fn new() -> Idle {
        let visits = FxHashSet::with_capacity_and_hasher(100, FxBuildHasher);
        Idle { attempts: FxHashMap::default(), visits }
    }

    /// The number of an attempt, in the upper half of a word.
    fn number(&mut self, attempt: Attempt<'_>) -> u64 {
        let next = self.attempts.len() as u64;
        let key = (std::ptr::from_ref(attempt.rule).addr(), attempt.alone, attempt.scope);
        *self.attempts.entry(key).or_insert(next) << 34
    }
}

impl<'s> Work<'s> {
    pub(crate) fn new(store: &'s mut Store, left_over: &'s mut Limits, left: Id, phase: Phase) -> Work<'s> {
        Work {
            store,
            line: left,
            left,
            links: Vec::new(),
            phase,
            left_over,
            waiting: Args::new(),
            idle: Idle::new(),
            path: Path::new(),
        }
    }

    /// Tries the rules in order, each at every place, starting over after each that applies; until none does.
    pub(crate) fn exhaust(&mut self, rules: &[&'static Rule]) {
        while self.first_of(rules) {}
    }

    /// Applies the first rule that applies anywhere.
    pub(crate) fn first_of(&mut self, rules: &[&'static Rule]) -> bool {
        rules.iter().any(|rule| self.sweep(rule))
    }

    /// Applies a rule at the outermost places where it applies. Says whether there was one.
    pub(crate) fn sweep(&mut self, rule: &'static Rule) -> bool {
        self.attempt(Attempt { rule, scope: rule.scope, alone: true, apply: &rule.apply })
    }

    /// Applies a rule by a function that knows more than the rule alone, the same one each time.
    pub(crate) fn sweep_by(&mut self, rule: &'static Rule, apply: Apply<'_>) -> bool {
        self.attempt(Attempt { rule, scope: rule.scope, alone: false, apply })
    }

    /// Applies a rule only in what is yet to be differentiated.
    pub(crate) fn sweep_pending(&mut self, rule: &'static Rule) -> bool {
        self.attempt(Attempt { rule, scope: Scope::Pending, alone: true, apply: &rule.apply })
    }

    fn attempt(&mut self, attempt: Attempt<'_>) -> bool {
        if self.store.len() > self.left_over.nodes {
            self.left_over.steps = 0;
        }
        if self.left_over.steps == 0 || !attempt.is_possible(self.store, self.line) {
            return false;
        }
        let places = self.places(attempt);
        if places.is_empty() {
            return false;
        }
        self.left_over.steps -= 1;
        let places = lift(self.store, self.line, places);
        let exchanges: Vec<(&[u32], Id)> = places.iter().map(|place| (place.at.as_slice(), place.to)).collect();
        let after = self.store.replace(self.line, &exchanges);
        let link = Link {
            rule: &attempt.rule.statement,
            phase: self.phase,
            before: self.line,
            after,
            places,
            steps: Vec::new(),
        };
        self.line = after;
        self.links.push(link);
        true
    }

    /// Lets the derivatives by some elements wait.
    pub(crate) fn wait(&mut self, waiting: &[Id]) {
        self.waiting = Args::from_slice(waiting);
        self.idle.visits.clear();
    }

    /// Whether a rule applies anywhere.
    pub(crate) fn applies(&mut self, rule: &'static Rule) -> bool {
        !self.places(Attempt { rule, scope: rule.scope, alone: true, apply: &rule.apply }).is_empty()
    }

    /// The outermost places where a rule applies.
    fn places(&mut self, attempt: Attempt<'_>) -> Vec<Place> {
        let mut places = Vec::new();
        let matrices = matches!(self.phase, Phase::Raise | Phase::Simplify);
        let number = self.idle.number(attempt);
        let (waiting, idle) = (self.waiting.as_slice(), &mut self.idle.visits);
        let mut search = Search { store: self.store, attempt, number, matrices, waiting, idle, places: &mut places };
        search.find(self.line, true, false, &mut self.path);
        places
    }

    /// Folds the links from a position on into one link that cites the given rule, or the rule that they share.
    pub(crate) fn group(&mut self, start: usize, rule: &'static Rule) {
        if self.links.len() < start + 2 {
            return;
        }
        let mut steps = self.links.split_off(start);
        let at = common_prefix(steps.iter().flat_map(|link| link.places.iter().map(|place| place.at.as_slice())));
        let (before, after) = (steps[0].before, steps[steps.len() - 1].after);
        if before == after {
            // The steps led back to where they began: nothing to show.
            return;
        }
        let mut marks = Vec::new();
        let mut needs = Vec::new();
        for link in &mut steps {
            link.before = self.store.at(link.before, &at);
            link.after = self.store.at(link.after, &at);
            for place in &mut link.places {
                place.at.drain(..at.len());
                needs.append(&mut place.needs);
            }
            marks =
                link.places.iter().flat_map(|p| p.marks.iter().map(|(k, m)| (*k, [&p.at[..], m].concat()))).collect();
        }
        let (from, to) = (self.store.at(before, &at), self.store.at(after, &at));
        let about = steps.iter().filter(|link| link.rule.id == rule.statement.id);
        let slots = about.flat_map(|link| &link.places).flat_map(|place| place.slots.clone()).collect();
        let place = Place { at, from, to, slots, marks, needs, cites: vec![] };
        let link = Link { rule: &rule.statement, phase: self.phase, before, after, places: vec![place], steps };
        self.links.push(link);
    }
}

fn common_prefix<'a>(mut paths: impl Iterator<Item = &'a [u32]>) -> Path {
    let first = paths.next().unwrap_or_default().to_vec();
    paths.fold(first, |mut prefix, path| {
        let shared = prefix.iter().zip(path).take_while(|(a, b)| a == b).count();
        prefix.truncate(shared);
        prefix
    })
}

/// What rewrites one node.
type Apply<'f> = &'f dyn Fn(&mut Store, Id) -> Option<Rewrite>;

/// The search for the outermost places where a rule applies.
struct Search<'w> {
    store: &'w mut Store,
    attempt: Attempt<'w>,
    number: u64,
    /// Whether matrix expressions that stay whole are searched too.
    matrices: bool,
    waiting: &'w [Id],
    /// Where it does not: by the number of the attempt, the node, and whether that is a whole term and below a pending
    /// derivative.
    idle: &'w mut FxHashSet<u64>,
    places: &'w mut Vec<Place>,
}

impl Attempt<'_> {
    /// Whether there may be a place in a node. Tests try every rule everywhere, to see that its places leave nothing out.
    fn is_possible(&self, store: &Store, id: Id) -> bool {
        cfg!(test) || self.rule.places.are_in(store.kinds(id))
    }
}

impl Search<'_> {
    /// Finds the places in a node, where they are possible.
    fn find(&mut self, id: Id, whole: bool, pending: bool, path: &mut Path) {
        let Attempt { rule, scope, apply, .. } = self.attempt;
        if scope == Scope::Pending && !pending && !self.store.is_pending(id) {
            return;
        }
        let visit = self.number | (id.number() as u64) << 2 | u64::from(whole) << 1 | u64::from(pending);
        // Told beforehand; taken back where a place is found.
        if !self.idle.insert(visit) {
            return;
        }
        let partial = match self.store.node(id) {
            Node::Partial(_, by) => Some(self.waiting.contains(by)),
            _ => None,
        };
        let here = match scope {
            _ if partial == Some(true) => false,
            Scope::Anywhere => true,
            Scope::Pending => pending,
            Scope::Term => whole,
        };
        let expected = rule.places.are_in(self.store.kinds(id)) && rule.places.are_at(self.store.node(id).kinds());
        if here
            && (expected || cfg!(test))
            && let Some(rewrite) = apply(self.store, id)
            && rewrite.to != id
        {
            #[cfg(test)]
            assert!(expected, "{} rewrites what its places leave out", rule.statement.id);
            self.idle.remove(&visit);
            if let Some(pairs) = terms_apart(self.store, id, &rewrite) {
                for (below, from, to) in pairs {
                    let at = path.iter().copied().chain(below).collect();
                    let (slots, marks, needs, cites) = Default::default();
                    self.places.push(Place { at, from, to, slots, marks, needs, cites });
                }
                return;
            }
            let Rewrite { to, slots, marks, needs, cites } = rewrite;
            let slots = if slots.is_empty() { vec![] } else { vec![slots] };
            self.places.push(Place {
                at: path.clone(),
                from: id,
                to,
                slots,
                marks,
                needs: needs.into_iter().collect(),
                cites: cites.into_iter().collect(),
            });
            return;
        }
        let before = self.places.len();
        if self.matrices || !stays_whole(self.store, id) {
            let is_sum = matches!(self.store.node(id), Node::Sum(..));
            let is_pending = pending || partial == Some(false);
            for (position, child) in (0..).zip(self.store.node(id).children()) {
                if !self.attempt.is_possible(self.store, child) {
                    continue;
                }
                let part = match self.store.node(child) {
                    Node::Elem(..) => true,
                    Node::Mul(_) => is_sum,
                    _ => false,
                };
                path.push(position);
                self.find(child, !part, is_pending, path);
                path.pop();
            }
        }
        if self.places.len() > before {
            self.idle.remove(&visit);
        }
    }
}

/// The terms of an array that a rewrite exchanges each by itself, with their paths: every one is a place of its own.
fn terms_apart(store: &Store, from: Id, rewrite: &Rewrite) -> Option<Vec<(Path, Id, Id)>> {
    let (Node::Array(over, rows, before), Node::Array(still, same, after)) = (store.node(from), store.node(rewrite.to))
    else {
        return None;
    };
    let says_more = !rewrite.slots.is_empty() || !rewrite.marks.is_empty() || rewrite.needs.is_some();
    if over != still || rows != same || says_more || rewrite.cites.is_some() {
        return None;
    }
    let (Node::Add(before), Node::Add(after)) = (store.node(*before), store.node(*after)) else { return None };
    if before.len() != after.len() {
        return None;
    }
    // An index that only the array binds may come into a term where the array is the place.
    let grows = |(from, to): (&Id, &Id)| store.free(*to).iter().any(|index| !store.free(*from).contains(index));
    if before.iter().zip(after).any(grows) {
        return None;
    }
    let pairs = before.iter().zip(after).enumerate().filter(|(_, (from, to))| from != to);
    Some(pairs.map(|(position, (&from, &to))| (vec![0, position as u32], from, to)).collect())
}

/// Whether a node is a function of a matrix that is not written as elements.
fn stays_whole(store: &Store, id: Id) -> bool {
    matches!(store.node(id), Node::Call(Function::Inv | Function::Det | Function::Pinv, _))
}

/// Widens places so that no sum stands directly in a sum and no product directly in a product.
fn lift(store: &mut Store, root: Id, places: Vec<Place>) -> Vec<Place> {
    let mut parents: Vec<Path> = Vec::new();
    for place in &places {
        if let Some((_, parent)) = place.at.split_last()
            && nests(store, store.at(root, parent), place.to)
            && !parents.iter().any(|outer| parent.starts_with(outer))
        {
            // An outer parent takes the places of the inner ones with it.
            parents.retain(|inner| !inner.starts_with(parent));
            parents.push(parent.to_vec());
        }
    }
    if parents.is_empty() {
        return places;
    }
    let mut lifted: Vec<Place> = Vec::new();
    let mut rest = places.into_iter().peekable();
    while let Some(place) = rest.next() {
        let Some(parent) = parents.iter().find(|parent| place.at.starts_with(parent)) else {
            lifted.push(place);
            continue;
        };
        let mut group = vec![place];
        while let Some(next) = rest.next_if(|next| next.at.starts_with(parent)) {
            group.push(next);
        }
        lifted.push(widen(store, root, parent, group));
    }
    // A widened place may stand directly in one of its own kind.
    lift(store, root, lifted)
}

/// Whether a new node would stand directly in one of its own kind.
fn nests(store: &Store, parent: Id, new: Id) -> bool {
    match (store.node(parent), store.node(new)) {
        (Node::Add(_), Node::Add(_))
        | (Node::Mul(_), Node::Mul(_))
        | (Node::Hadamard(_), Node::Hadamard(_))
        | (Node::Transpose(_), Node::Transpose(_)) => true,
        (Node::Sum(outer, _), Node::Sum(inner, _)) => !inner.iter().any(|index| outer.contains(index)),
        (Node::Matmul(_), Node::Matmul(_)) => !store.shape(new).is_scalar(),
        _ => false,
    }
}

/// The places below the children, each child's lifted among themselves.
fn lift_below(store: &mut Store, children: &[Id], depth: usize, group: Vec<Place>) -> Vec<Place> {
    let mut lifted = Vec::new();
    let mut rest = group.into_iter().peekable();
    while let Some(place) = rest.next() {
        let head: Path = place.at[..=depth].to_vec();
        let mut inner = vec![place];
        while let Some(next) = rest.next_if(|next| next.at.starts_with(&head)) {
            inner.push(next);
        }
        for place in &mut inner {
            place.at.drain(..=depth);
        }
        for mut place in lift(store, children[head[depth] as usize], inner) {
            place.at.splice(0..0, head.iter().copied());
            lifted.push(place);
        }
    }
    lifted
}

/// One place for all places at or below `at`, with the lists of the node there flattened.
fn widen(store: &mut Store, root: Id, at: &Path, group: Vec<Place>) -> Place {
    let parent = store.at(root, at);
    let mut children = store.node(parent).children();
    let depth = at.len();
    let group = lift_below(store, &children, depth, group);
    let exchanges: Vec<(&[u32], Id)> = group.iter().map(|place| (&place.at[depth..], place.to)).collect();
    let replaced = store.replace(parent, &exchanges);
    children.copy_from_slice(&store.node(replaced).children());
    let is_list = matches!(store.node(parent), Node::Add(_) | Node::Mul(_) | Node::Matmul(_) | Node::Hadamard(_));
    // Where in the flattened list the members that a child gives begin.
    let mut offsets = vec![0; children.len()];
    for position in 1..if is_list { children.len() } else { 0 } {
        let before = children[position - 1];
        let width = if nests(store, parent, before) { store.node(before).arity() } else { 1 };
        offsets[position] = offsets[position - 1] + width;
    }
    let mut widened =
        Place { at: at.clone(), from: parent, to: parent, slots: vec![], marks: vec![], needs: vec![], cites: vec![] };
    for mut place in group {
        let position = place.at[depth] as usize;
        let below = &place.at[depth + 1..];
        let offset = offsets[position];
        for (kind, path) in place.marks {
            let path = if below.is_empty() && nests(store, parent, place.to) {
                let mut path = path;
                if let Some(first) = path.first_mut() {
                    *first += offset;
                }
                path
            } else {
                [&[offset], below, &path].concat()
            };
            widened.marks.push((kind, path));
        }
        widened.slots.append(&mut place.slots);
        widened.needs.append(&mut place.needs);
        widened.cites.append(&mut place.cites);
    }
    widened.to = match store.node(parent).clone() {
        Node::Add(_) => store.add(children),
        Node::Mul(_) => store.mul(children),
        Node::Matmul(_) => store.matmul(children),
        Node::Hadamard(_) => store.hadamard(children),
        Node::Transpose(_) => store.transpose(children[0]),
        Node::Sum(over, _) => store.sum(over, children[0]),
        _ => replaced,
    };
    widened
}
