//! Edits of a trace in JSON, one a line.
//!
//! In: a trace, a line. Out: the trace with the edit made. Left to others: nodes from text (`nodes`).
//!
//! - `set PLACE VALUE`, `add PLACE VALUE` (into a list; `-` is its end), `remove PLACE`, `move PLACE PLACE`: as in a JSON Patch.
//! - `replace STEP TEXT`: what the step puts at its first place is TEXT, and its line after is made to fit.
//!
//! A PLACE is a JSON pointer that may use names: `/steps/RULE#N` is the N-th step of a rule, an item of a list is found by its
//! `id` or `name`, a node by its text in braces: `/nodes/{w[l]}/at/0`. In a VALUE, `"{TEXT}"` is the number of a node, which is
//! made if it isn't there, and `"<i>"` that of an index.

use super::nodes;
use einstep::trace::{Derivation, IndexId, NodeId, Path, text};
use serde_json::Value;

/// A trace that is edited.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Its JSON.
    pub value: Value,
}

impl Trace {
    /// A trace to be edited.
    pub fn new(value: Value) -> Trace {
        Trace { value }
    }

    /// Makes one edit.
    ///
    /// # Errors
    /// A line that can't be read, or a place that is not there.
    pub fn edit(&mut self, line: &str) -> Result<(), String> {
        let (verb, rest) = line.split_once(' ').ok_or("an edit is a verb and a place")?;
        let (place, rest) = split_place(rest);
        match verb {
            "replace" => self.replace(&place, rest),
            "set" => {
                let value = self.read(rest)?;
                let (parent, key) = self.parent(&place)?;
                *child(parent, &key)? = value;
                Ok(())
            }
            "add" => {
                let value = self.read(rest)?;
                self.add(&place, value)
            }
            "remove" => self.remove(&place).map(drop),
            "move" => {
                let value = self.remove(&place)?;
                self.add(&split_place(rest).0, value)
            }
            other => Err(format!("unknown verb `{other}`")),
        }
    }

    fn add(&mut self, place: &[String], value: Value) -> Result<(), String> {
        let (parent, key) = self.parent(place)?;
        match parent {
            Value::Array(items) if key == "-" => items.push(value),
            Value::Array(items) => items.insert(key.parse().map_err(|_| "no such place")?, value),
            other => other[key] = value,
        }
        Ok(())
    }

    fn remove(&mut self, place: &[String]) -> Result<Value, String> {
        let (parent, key) = self.parent(place)?;
        let removed = match parent {
            Value::Array(items) => key.parse().ok().filter(|at| *at < items.len()).map(|at: usize| items.remove(at)),
            Value::Object(fields) => fields.remove(&key),
            _ => None,
        };
        removed.ok_or_else(|| "no such place".into())
    }

    /// The number of a step that is called `RULE` or `RULE#N`.
    ///
    /// # Errors
    /// There is none.
    pub fn step_number(&mut self, name: &str) -> Result<u64, String> {
        let place = self.step(name)?;
        let step = self.value.pointer(&format!("/{}", place.join("/"))).ok_or("no such step")?;
        step["id"].as_u64().ok_or_else(|| "a step without a number".into())
    }

    fn derivation(&self) -> Result<Derivation, String> {
        serde_json::from_value(self.value.clone()).map_err(|error| error.to_string())
    }

    /// A value in which nodes and indices stand by their names.
    fn read(&mut self, text: &str) -> Result<Value, String> {
        let mut value: Value = serde_json::from_str(text).map_err(|error| format!("`{text}`: {error}"))?;
        self.resolve(&mut value)?;
        Ok(value)
    }

    fn resolve(&mut self, value: &mut Value) -> Result<(), String> {
        match value {
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.resolve(item)),
            Value::Object(fields) => fields.values_mut().try_for_each(|field| self.resolve(field)),
            Value::String(name) => {
                if let Some(text) = between(name, '{', '}') {
                    *value = Value::from(self.node(text, &[])?.0);
                } else if let Some(letter) = between(name, '<', '>') {
                    *value = Value::from(index(&self.derivation()?, letter)?.0);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The node of a text; it is made if it isn't there, of the indices of some lines first.
    fn node(&mut self, wanted: &str, lines: &[NodeId]) -> Result<NodeId, String> {
        let mut derivation = self.derivation()?;
        let ids = (0..derivation.nodes.len() as u32).map(NodeId);
        if let Some(found) = ids.into_iter().find(|&id| text(&derivation, id).as_deref() == Some(wanted)) {
            return Ok(found);
        }
        let made = nodes::make(&mut derivation, wanted, lines)?;
        self.value["nodes"] = serde_json::to_value(&derivation.nodes).map_err(|error| error.to_string())?;
        Ok(made)
    }

    fn replace(&mut self, place: &[String], wanted: &str) -> Result<(), String> {
        let (parent, key) = self.parent(place)?;
        let step = child(parent, &key)?.clone();
        let line = |name: &str| step[name].as_u64().map(|id| NodeId(id as u32)).ok_or("a step without a line");
        let new = self.node(wanted, &[line("before")?, line("after")?])?;
        let paths: Vec<Path> = serde_json::from_value(step["at"].clone()).map_err(|error| error.to_string())?;
        let mut pairs: Vec<[NodeId; 2]> =
            serde_json::from_value(step["replaced"].clone()).map_err(|error| error.to_string())?;
        pairs.first_mut().ok_or("a step without a place")?[1] = new;
        let mut derivation = self.derivation()?;
        let mut after = line("before")?;
        for (path, [_, new]) in paths.iter().zip(&pairs) {
            after = nodes::exchange(&mut derivation, after, path, *new)?;
        }
        self.value["nodes"] = serde_json::to_value(&derivation.nodes).map_err(|error| error.to_string())?;
        let (parent, key) = self.parent(place)?;
        let step = child(parent, &key)?;
        step["replaced"] = serde_json::to_value(&pairs).map_err(|error| error.to_string())?;
        step["after"] = Value::from(after.0);
        for made in ["text", "latex", "marks"] {
            step.as_object_mut().ok_or("no step")?.remove(made);
        }
        Ok(())
    }

    /// What holds the place, and the last part of its name.
    fn parent(&mut self, place: &[String]) -> Result<(&mut Value, String), String> {
        let mut plain: Vec<String> = match place {
            [first, name, ..] if first == "steps" => self.step(name)?,
            _ => vec![],
        };
        for name in &place[if plain.is_empty() { 0 } else { 2 }..] {
            let key = match between(name, '{', '}') {
                Some(text) => self.node(text, &[])?.0.to_string(),
                None => {
                    let here = self.value.pointer(&pointer(&plain)).ok_or("no such place")?;
                    let named = |item: &Value| [&item["id"], &item["name"]].contains(&&Value::from(name.as_str()));
                    let position = here.as_array().and_then(|items| items.iter().position(named));
                    position.map_or_else(|| name.clone(), |position| position.to_string())
                }
            };
            plain.push(key);
        }
        let key = plain.pop().ok_or("no place")?;
        Ok((self.value.pointer_mut(&pointer(&plain)).ok_or("no such place")?, key))
    }

    /// Where the step `RULE#N` stands.
    fn step(&self, name: &str) -> Result<Vec<String>, String> {
        let (rule, number) = name.split_once('#').unwrap_or((name, "1"));
        let mut left: usize = number.parse().map_err(|_| "a step is `RULE#N`")?;
        let chains = self.value["chains"].as_array().ok_or("no chains")?;
        for (number, chain) in chains.iter().enumerate() {
            let place = vec!["chains".to_string(), number.to_string(), "links".to_string()];
            if let Some(found) = step_below(&chain["links"], &place, rule, &mut left) {
                return Ok(found);
            }
        }
        Err(format!("no step `{name}`"))
    }
}

fn step_below(links: &Value, place: &[String], rule: &str, left: &mut usize) -> Option<Vec<String>> {
    for (number, step) in links.as_array().into_iter().flatten().enumerate() {
        let here = [place, &[number.to_string()]].concat();
        if step["rule"] == rule {
            *left = left.checked_sub(1)?;
            if *left == 0 {
                return Some(here);
            }
        }
        let finer = [here.as_slice(), &["steps".to_string()]].concat();
        if let Some(found) = step_below(&step["steps"], &finer, rule, left) {
            return Some(found);
        }
    }
    None
}

/// The index of a letter, `i`, or the N-th one, `i#N`.
fn index(derivation: &Derivation, letter: &str) -> Result<IndexId, String> {
    let (name, number) = letter.split_once('#').unwrap_or((letter, "1"));
    let number: usize = number.parse().map_err(|_| "an index is `i#N`")?;
    let mut found = derivation.indices.iter().filter(|index| index.name == name);
    found.nth(number.saturating_sub(1)).map(|index| index.id).ok_or_else(|| format!("no index `{letter}`"))
}

fn child<'a>(parent: &'a mut Value, key: &str) -> Result<&'a mut Value, String> {
    match parent {
        Value::Array(items) => key.parse().ok().and_then(|at: usize| items.get_mut(at)).ok_or("no such place".into()),
        other => Ok(&mut other[key]),
    }
}

fn between(text: &str, first: char, last: char) -> Option<&str> {
    text.strip_prefix(first)?.strip_suffix(last)
}

fn pointer(place: &[String]) -> String {
    place.iter().map(|name| format!("/{name}")).collect()
}

/// A place at the start of a text, and the rest.
fn split_place(text: &str) -> (Vec<String>, &str) {
    let mut names: Vec<String> = Vec::new();
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            ' ' if depth == 0 => return (names, text[at..].trim()),
            '/' if depth == 0 => {
                names.push(String::new());
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if let Some(name) = names.last_mut() {
            name.push(letter);
        }
    }
    (names, "")
}
