//! The runner of the suite: Markdown files whose fenced blocks are a problem and what is expected of it.
//!
//! In: a file of `tests/suite`. Out: the blocks that differ from what einstep says, and the file with them rewritten.
//! Left to others: running the cases as tests (`tests/suite.rs`).
//!
//! A file has one block ` ```problem `, one ` ```structured ` if the reading is not `free`, one ` ```layout ` if the layout is not
//! `mixed`, one ` ```notation ` if sums have no sign, one ` ```task ` if the task is not `derive`,
//! and one ` ```free ` if what is raised has its indices in an order; its other blocks are named for what they expect: `answer`, `conditions`,
//! `error` (codes and messages), `notes`, `full`, `outline` (the text of that level, 100 columns), `latex` (the fragment).

use einstep::syntax::Notation;
use einstep::trace::{Layout, Reading, Task};
use einstep::{Detail, Error, LatexOptions, Problem, Source, TextOptions};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// The blocks that say what is asked.
const BESIDE: [&str; 6] = ["problem", "structured", "layout", "notation", "task", "free"];

/// A block of a case: its name and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The word after the fence.
    pub name: String,
    /// The lines between the fences.
    pub text: String,
    /// The range of lines between the fences.
    lines: std::ops::Range<usize>,
}

/// A file of the suite.
#[derive(Debug, Clone)]
pub struct Case {
    /// Where it stands.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
    /// Its blocks in order.
    pub blocks: Vec<Block>,
}

/// What a block holds and what it should hold.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The block.
    pub block: Block,
    /// What einstep says.
    pub actual: String,
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// A file that can't be read, or has no problem.
    pub fn read(path: &Path) -> Result<Case, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let blocks = blocks(&text);
        let case = Case { path: path.to_path_buf(), text, blocks };
        case.problem().map(|_| case.clone())
    }

    /// The text of the problem.
    ///
    /// # Errors
    /// A file without one.
    pub fn problem(&self) -> Result<&str, String> {
        let block = self.blocks.iter().find(|block| block.name == "problem");
        block.map(|block| block.text.as_str()).ok_or_else(|| "no block `problem`".into())
    }

    /// The problem, read as the case says.
    ///
    /// # Errors
    /// Diagnostics about the text.
    ///
    /// # Panics
    /// Of a case without a problem, or with a reading, layout or notation that does not exist.
    pub fn parsed(&self) -> Result<Problem, Error> {
        let source = Source { name: "problem".into(), text: self.problem().expect("a case has a problem").into() };
        let notation = match self.blocks.iter().find(|block| block.name == "notation") {
            Some(block) => {
                assert_eq!(block.text, "einstein", "the only other notation");
                Notation::Einstein
            }
            None => Notation::Explicit,
        };
        let problem = Problem::read_as(&[], source, &[], notation)?;
        let problem = wanting(problem, &self.blocks).expect("a reading and a layout");
        over(problem, &self.blocks)
    }

    /// The blocks that differ from what einstep says.
    ///
    /// # Errors
    /// A block whose name is not known, a case that expects nothing, or a derivation that is not accepted by the check.
    pub fn differences(&self) -> Result<Vec<Difference>, String> {
        let result = self.parsed().and_then(|problem| problem.derive());
        let expected = self.blocks.iter().filter(|block| !BESIDE.contains(&block.name.as_str()));
        let mut differences = Vec::new();
        let mut count = 0;
        for block in expected {
            count += 1;
            let actual = actual(&block.name, &result)?;
            if actual.trim_end() != block.text {
                differences.push(Difference { block: block.clone(), actual: actual.trim_end().to_string() });
            }
        }
        if count == 0 {
            return Err("the case expects nothing".into());
        }
        if let Ok(derivation) = &result
            && derivation.status() != einstep::trace::CheckStatus::Accepted
        {
            return Err(format!("the check declined: {:?}", derivation.trace().check));
        }
        Ok(differences)
    }

    /// The text with the blocks rewritten.
    pub fn rewritten(&self, differences: &[Difference]) -> String {
        let mut lines: Vec<&str> = self.text.lines().collect();
        for difference in differences.iter().rev() {
            lines.splice(difference.block.lines.clone(), difference.actual.lines());
        }
        lines.join("\n") + "\n"
    }
}

/// A problem with what blocks say beside it: the reading of structure, the layout, the task.
///
/// # Errors
/// A reading or a layout that does not exist.
pub(crate) fn wanting(problem: Problem, blocks: &[Block]) -> Result<Problem, String> {
    let text = |name: &str| blocks.iter().find(|block| block.name == name).map(|block| block.text.as_str());
    let reading = text("structured").map_or(Ok(Reading::default()), known)?;
    let layout = text("layout").map_or(Ok(Layout::default()), known)?;
    let task = text("task").map_or(Ok(Task::default()), known)?;
    Ok(problem.structured(reading).laid_out(layout).with_task(task))
}

/// A problem that is raised over its free indices in the order of a block, if there is one.
pub(crate) fn over(problem: Problem, blocks: &[Block]) -> Result<Problem, Error> {
    match blocks.iter().find(|block| block.name == "free") {
        Some(block) => problem.raised_over(Source { name: "free".into(), text: block.text.clone() }),
        None => Ok(problem),
    }
}

/// A word of the trace format by its name.
pub(crate) fn known<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    serde_json::from_value(name.into()).map_err(|_| format!("there is no `{name}`"))
}

/// The fenced blocks of a Markdown text that have a name.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, usize)> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(""), Some((name, start))) => {
                let lines: Vec<&str> = text.lines().skip(start).take(number - start).collect();
                blocks.push(Block { name, text: lines.join("\n"), lines: start..number });
            }
            (Some(name), None) => open = Some((name.trim().to_string(), number + 1)),
            (_, still) => open = still,
        }
    }
    blocks
}

fn actual(name: &str, result: &Result<einstep::Derivation, Error>) -> Result<String, String> {
    let text = |detail| match result {
        Ok(derivation) => derivation.to_text(&TextOptions { detail, width: 100, color: false }),
        Err(error) => error.to_string(),
    };
    Ok(match name {
        "answer" => match result {
            Ok(derivation) => derivation.answer().unwrap_or(&derivation.trace().result.index).to_string(),
            Err(error) => error.to_string(),
        },
        "conditions" => match result {
            Ok(derivation) => {
                derivation.conditions().iter().map(|condition| condition.text.as_str()).collect::<Vec<_>>().join("\n")
            }
            Err(error) => error.to_string(),
        },
        "error" => match result {
            Ok(derivation) => format!("no error: {:?}", derivation.answer()),
            Err(error) => {
                let mut lines = error.to_string();
                for help in error.diagnostics().iter().flat_map(|diagnostic| &diagnostic.help) {
                    lines += &format!("\nhelp: {help}");
                }
                lines
            }
        },
        "notes" => text(Detail::Notes),
        "full" => text(Detail::Full),
        "outline" => text(Detail::Outline),
        "latex" => match result {
            Ok(derivation) => derivation.to_latex(&LatexOptions { detail: Detail::Notes, fragment: true }),
            Err(error) => error.to_string(),
        },
        other => return Err(format!("unknown block `{other}`")),
    })
}

/// Every case of the suite, in order of its path.
///
/// # Errors
/// A folder or file that can't be read, or two cases of one name.
pub fn cases() -> Result<Vec<Case>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite");
    let mut cases = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                cases.push(Case::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
            }
        }
    }
    cases.sort_by(|a, b| a.path.cmp(&b.path));
    let names: Vec<_> = cases.iter().map(|case| case.path.file_stem()).collect();
    match names.iter().enumerate().find(|(position, name)| names[..*position].contains(name)) {
        Some((_, name)) => Err(format!("two cases are called {name:?}")),
        None => Ok(cases),
    }
}
