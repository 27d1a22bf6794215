//! The texts of a problem, and other texts: arguments, files, standard input.
//!
//! In: arguments. Out: a problem, each text of which has a name for diagnostics, or a [`Failure`] that names what can't be read.
//! Left to others: what the texts say.

use crate::args::{self, Asked, Declared, Differentiated, Raise};
use crate::failure::Failure;
use einstep::syntax::{Code, Diagnostic, Notation, Span};
use einstep::trace::Task;
use einstep::{Problem, Source};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// More than the language accepts: what is longer is refused by the parser, and need not be read to its end.
const LIMIT: u64 = 1 << 26;

/// The texts of a problem.
#[derive(Debug)]
struct Texts {
    /// The declarations of `--given`.
    given: Vec<Source>,
    /// The text with the question.
    question: Source,
    /// The variables of `--wrt`.
    wrt: Vec<Source>,
    /// How sums over indices are written.
    notation: Notation,
}

/// Bytes and where they came from.
struct Raw {
    name: String,
    bytes: Vec<u8>,
}

/// Reads a text that is no problem: a file, or standard input; or says why it can't be read.
pub(crate) fn text(path: &Path, limit: u64) -> Result<String, String> {
    let Raw { bytes, .. } = read_file(path, limit + 1).map_err(|(_, error)| error.to_string())?;
    if bytes.len() as u64 > limit {
        return Err(format!("it is longer than {limit} bytes"));
    }
    String::from_utf8(without_mark(bytes)).map_err(|error| error.to_string())
}

/// An argument that is a text.
fn argument(name: &str, text: &OsStr) -> Raw {
    Raw { name: name.into(), bytes: text.as_encoded_bytes().to_vec() }
}

/// Reads the text with the question.
fn question(args: &Asked) -> Result<Raw, Failure> {
    match (&args.expr_file, &args.problem) {
        (Some(path), _) => read_problem(path),
        (None, Some(text)) if text == "-" || is_file(text) => read_problem(Path::new(text)),
        (None, text) => Ok(argument("expression", text.as_deref().unwrap_or_default())),
    }
}

/// Every text of a problem.
fn texts(declared: &Declared, question: Raw, wrt: &[OsString]) -> Result<Texts, Failure> {
    let given = &declared.given;
    let mut raw: Vec<Raw> = given.iter().map(|text| argument("--given", text)).collect();
    raw.push(question);
    raw.extend(wrt.iter().map(|text| argument("--wrt", text)));
    let mut sources = decode(raw)?;
    let wrt = sources.split_off(given.len() + 1);
    let given = sources.drain(..given.len()).collect();
    // One text is left: the question.
    let question = sources.remove(0);
    let notation = match declared.notation {
        args::Notation::Explicit => Notation::Explicit,
        args::Notation::Einstein => Notation::Einstein,
    };
    Ok(Texts { given, question, wrt, notation })
}

/// The problem that the arguments say.
pub(crate) fn problem(args: &Asked, differentiated: &Differentiated) -> Result<Problem, Failure> {
    posed(&args.declared, question(args)?, differentiated)
}

/// The problem of an expression that is no argument.
pub(crate) fn stated(expr: &str, declared: &Declared, differentiated: &Differentiated) -> Result<Problem, Failure> {
    posed(declared, argument("expression", OsStr::new(expr)), differentiated)
}

fn posed(declared: &Declared, question: Raw, differentiated: &Differentiated) -> Result<Problem, Failure> {
    let texts = texts(declared, question, &differentiated.wrt)?;
    let problem = Problem::read_as(&texts.given, texts.question, &texts.wrt, texts.notation)?;
    Ok(problem.structured(differentiated.structured.into()).laid_out(differentiated.layout.into()))
}

/// A problem that is not differentiated but has another task.
pub(crate) fn task(args: &Asked, task: Task) -> Result<Problem, Failure> {
    Ok(problem(args, &Differentiated::default())?.with_task(task))
}

/// A problem that is raised, perhaps over its free indices in an order.
pub(crate) fn raised(args: &Raise) -> Result<Problem, Failure> {
    ordered(task(&args.rewrite.asked, Task::Raise)?, args.free.as_deref())
}

/// A problem that is raised over its free indices in an order, if one is given.
pub(crate) fn ordered(problem: Problem, free: Option<&OsStr>) -> Result<Problem, Failure> {
    let Some(free) = free else { return Ok(problem) };
    let text = free.to_string_lossy().into_owned();
    Ok(problem.raised_over(Source { name: "--free".into(), text })?)
}

/// Whether an argument stands for a problem file.
fn is_file(text: &OsStr) -> bool {
    let path = Path::new(text);
    path.extension().is_some_and(|extension| extension == "ein") || path.is_file()
}

fn read_problem(path: &Path) -> Result<Raw, Failure> {
    read_file(path, LIMIT).map_err(|(name, error)| Failure::io(format!("can't read {name}"), &error))
}

/// The name of a file for readers.
pub(crate) fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}

/// Reads a file up to a limit, or says which can't be read.
fn read_file(path: &Path, limit: u64) -> Result<Raw, (String, io::Error)> {
    let name = name(path);
    let bytes = match path == Path::new("-") {
        true => bounded(io::stdin().lock(), limit),
        false => File::open(path).and_then(|file| bounded(file, limit)),
    };
    match bytes {
        Ok(bytes) => Ok(Raw { name, bytes }),
        Err(error) => Err((name, error)),
    }
}

fn bounded(read: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Editors on some systems begin a file with a byte order mark; it is no part of the text.
fn without_mark(bytes: Vec<u8>) -> Vec<u8> {
    bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes)
}

/// The texts, or a diagnostic for each that is not UTF-8.
fn decode(raw: Vec<Raw>) -> Result<Vec<Source>, Failure> {
    let mut diagnostics = Vec::new();
    let mut sources = Vec::new();
    for (number, Raw { name, bytes }) in raw.into_iter().enumerate() {
        let text = match String::from_utf8(without_mark(bytes)) {
            Ok(text) => text,
            Err(error) => {
                diagnostics.push(not_utf8(number as u32, &name, &error));
                String::from_utf8_lossy(error.as_bytes()).into_owned()
            }
        };
        sources.push(Source { name, text });
    }
    if diagnostics.is_empty() { Ok(sources) } else { Err(einstep::Error::Refused { diagnostics, sources }.into()) }
}

/// The diagnostic for the first bytes that are no character; they stand as U+FFFD in the text that is shown.
fn not_utf8(source: u32, name: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let start = error.utf8_error().valid_up_to();
    let byte = error.as_bytes()[start];
    let span = Span { source, start: start as u32, end: (start + char::REPLACEMENT_CHARACTER.len_utf8()) as u32 };
    let label = format!("the byte {byte:#04x} is no character here: invalid UTF-8");
    Diagnostic::new(Code::UnreadableText, format!("{name} is not valid UTF-8 text"), span, label)
        .with_help("save the text in the encoding UTF-8")
}
