//! One line of problems, and the line that answers it.
//!
//! In: a line of JSON. Out: a line of JSON: a trace, an answer, or errors. Left to others: what options mean (`args`, `input`).

use crate::args::Item;
use crate::failure::Failure;
use crate::{input, report};
use clap::{Args, Command, FromArgMatches};
use einstep::trace::CheckStatus;
use einstep::{Derivation, Options};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::ffi::OsString;
use std::io::{self, BufRead, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The longest line, in bytes: twice what the language accepts as a text.
const LIMIT: u64 = 1 << 25;

/// A line that is not blank.
#[derive(Debug)]
pub(super) struct Given {
    /// Its number, from 1.
    number: u64,
    /// Its bytes, or nothing if it is too long.
    bytes: Option<Vec<u8>>,
    /// How many bytes were read up to its end.
    end: u64,
}

/// What became of a line.
#[derive(Debug)]
pub(super) struct Done {
    /// A line of JSON, without its end.
    pub(super) text: String,
    /// Whether there is no derivation.
    pub(super) refused: bool,
    /// How many bytes of problems were read up to its end.
    pub(super) bytes: u64,
}

/// Reads lines, none of which is kept.
#[derive(Debug)]
pub(super) struct Reader<R> {
    read: R,
    number: u64,
    bytes: u64,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(read: R) -> Reader<R> {
        Reader { read, number: 0, bytes: 0 }
    }

    /// How many bytes were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next line that is not blank.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Given>> {
        loop {
            let mut bytes = Vec::new();
            let mut count = (&mut self.read).take(LIMIT).read_until(b'\n', &mut bytes)? as u64;
            if count == 0 {
                return Ok(None);
            }
            let whole = bytes.ends_with(b"\n") || count < LIMIT;
            if !whole {
                bytes = Vec::new();
                count += skip_line(&mut self.read)?;
            }
            self.number += 1;
            self.bytes += count;
            if !whole || !bytes.trim_ascii().is_empty() {
                return Ok(Some(Given { number: self.number, bytes: whole.then_some(bytes), end: self.bytes }));
            }
        }
    }
}

/// Skips what is left of a line, and counts it.
fn skip_line(read: &mut impl BufRead) -> io::Result<u64> {
    let mut count = 0;
    loop {
        let buffer = read.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(buffer.len(), |end| end + 1);
        read.consume(length);
        count += length as u64;
        if end.is_some() || length == 0 {
            return Ok(count);
        }
    }
}

/// Why there is nothing to derive.
fn malformed(message: impl Into<String>, help: Vec<String>) -> Failure {
    Failure::Line { message: message.into(), help }
}

impl Given {
    /// The object of the line.
    fn object(&self) -> Result<Map<String, Value>, Failure> {
        let Some(bytes) = &self.bytes else {
            return Err(malformed(format!("the line is longer than {LIMIT} bytes"), vec![]));
        };
        // Editors on some systems begin a file with a byte order mark.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| self.number == 1).unwrap_or(bytes);
        let text =
            std::str::from_utf8(bytes).map_err(|error| malformed(format!("the line is not UTF-8: {error}"), vec![]))?;
        match serde_json::from_str(text) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(malformed("the line is no JSON object", vec![])),
            Err(error) => Err(malformed(format!("the line is no JSON: {error}"), vec![])),
        }
    }
}

/// The name of the problem, if it has one; a number is a name too.
fn id(object: &Map<String, Value>) -> Option<String> {
    match object.get("id")? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// The name of the problem in a line, if that can be read.
pub(super) fn id_of(given: &Given) -> Option<String> {
    id(&given.object().ok()?)
}

/// Derives the problem of a line.
pub(super) fn done(given: Given, answers: bool) -> Done {
    let mut name = None;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let object = given.object()?;
        name = id(&object);
        derived(&object, name.clone(), answers)
    }));
    let outcome = outcome.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
        Err(Failure::Panic(text.unwrap_or_default()))
    });
    let refused = outcome.is_err();
    let text = outcome.unwrap_or_else(|failure| report::line(&failure, name.as_deref(), given.number));
    Done { text, refused, bytes: given.end }
}

/// A result without its derivation.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// In the input language, where there is a matrix form.
    answer: Option<&'a str>,
    /// One element, in index notation.
    index: &'a str,
    /// The indices that are free there.
    free: &'a [String],
    /// Under which it holds.
    conditions: Vec<&'a str>,
    /// What the check says.
    check: CheckStatus,
}

fn derived(object: &Map<String, Value>, id: Option<String>, answers: bool) -> Result<String, Failure> {
    let (expr, options) = item(object)?;
    let problem = input::stated(expr, &options.declared, &options.differentiated)?;
    let problem = id.iter().fold(problem, |problem, id| problem.named(id));
    let derivation = problem.derive_with(&Options { limits: options.bounds.limits(), ..Options::default() })?;
    if !answers {
        return Ok(derivation.to_json(true));
    }
    let told = |error: serde_json::Error| malformed(error.to_string(), vec![]);
    serde_json::to_string(&answer(&derivation, id.as_deref())).map_err(told)
}

fn answer<'a>(derivation: &'a Derivation, id: Option<&'a str>) -> Answer<'a> {
    let result = derivation.result();
    Answer {
        id,
        answer: derivation.answer(),
        index: &result.index,
        free: &result.free,
        conditions: derivation.trace().conditions.iter().map(|condition| condition.text.as_str()).collect(),
        check: derivation.status(),
    }
}

/// The problem and options of an object. Every option is read by the reader of the command line, so they have the same names
/// and values. Other fields, such as a source or a known answer, are left alone.
fn item(object: &Map<String, Value>) -> Result<(&str, Item), Failure> {
    let Some(Value::String(expr)) = object.get("expr") else {
        return Err(malformed("the line has no `expr` with a text", vec![]));
    };
    let command = Item::augment_args(Command::new("batch").no_binary_name(true).disable_help_flag(true));
    let known: Vec<String> =
        command.get_arguments().filter_map(|argument| argument.get_long()).map(String::from).collect();
    let mut words: Vec<OsString> = Vec::new();
    for (field, value) in object.iter().filter(|(field, _)| !["id", "expr"].contains(&field.as_str())) {
        let flag = field.replace('_', "-");
        if known.contains(&flag) {
            let mut values = Vec::new();
            flatten(field, value, &mut values)?;
            words.extend(values.into_iter().map(|value| format!("--{flag}={value}").into()));
        } else if let Some(near) =
            known.iter().find(|known| flag.len() > 3 && crate::reference::distance(&flag, known) <= 2)
        {
            let help = format!("the option is called `{}`", near.replace('-', "_"));
            return Err(malformed(format!("there is no option `{field}`"), vec![help]));
        }
    }
    let matches = command.try_get_matches_from(words).and_then(|matches| Item::from_arg_matches(&matches));
    match matches {
        Ok(options) => Ok((expr, options)),
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or("").trim_start_matches("error: ");
            Err(malformed(first, vec![]))
        }
    }
}

/// The values of an option as words of the command line.
fn flatten(field: &str, value: &Value, words: &mut Vec<String>) -> Result<(), Failure> {
    match value {
        Value::Null => {}
        Value::String(text) => words.push(text.clone()),
        Value::Number(number) => words.push(number.to_string()),
        // Entries move together, or they don't.
        Value::Bool(tied) if field == "structured" => words.push(if *tied { "tied" } else { "free" }.into()),
        Value::Array(values) => {
            for value in values.iter().filter(|value| !value.is_array()) {
                flatten(field, value, words)?;
            }
        }
        Value::Bool(_) | Value::Object(_) => {
            return Err(malformed(format!("`{field}` can't be {}", json!(value)), vec![]));
        }
    }
    Ok(())
}
