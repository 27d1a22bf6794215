//! The command line as data.
//!
//! In: the arguments of the process. Out: a [`Cli`], or clap's own error or help. Left to others: what the arguments
//! mean as mathematics, reading the files that they name, the values of options with a list (`choices`).

pub(crate) use crate::choices::{Color, DataFormat, Detail, Documented, Format, Layout, Notation, Structured, Task};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

const USAGE: &str = "einstep [derive] <EXPR|FILE|-> [OPTIONS]\n       einstep <COMMAND>";

const EXAMPLES: &str = "\
Examples:
  einstep \"d/dX tr(V*X*W)\"
  einstep derive \"x'*B*x\" --wrt x --given \"x in R^n\" --given \"B in R^(n,n)\"
  einstep derive problem.ein --detail full --format latex --output problem.tex
  einstep explain E020";

/// Derive matrix derivatives step by step, as one does on paper, and check every step.
///
/// An argument that is no command is a problem to derive.
#[derive(Debug, Parser)]
#[command(name = "einstep", version, after_help = EXAMPLES, arg_required_else_help = true, override_usage = USAGE)]
pub(crate) struct Cli {
    /// Colour in the output; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    pub(crate) color: Color,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Derive, check and print
    Derive(Box<Derive>),
    /// Write a matrix expression as index sums, step by step
    Lower(Box<Rewrite>),
    /// Read an index expression back as matrices, step by step
    Raise(Box<Raise>),
    /// Bring a matrix expression to the form that a textbook prints, step by step
    Simplify(Box<Rewrite>),
    /// Say whether an answer of your own is right, and if not, where and why
    Verify(Box<Verify>),
    /// Derive many problems: JSON Lines in, JSON Lines out, in the same order
    Batch(Box<Batch>),
    /// Check traces from files, whoever wrote them and whatever they say of themselves
    Check(Box<Check>),
    /// List the rules, or show one in full
    Rules {
        /// The rule, such as `delta.contract`
        id: Option<String>,
    },
    /// Explain an error code, or list them all
    Explain {
        /// The code, such as `E020`
        code: Option<String>,
    },
    /// Print a JSON Schema
    Schema {
        /// Of what: of a trace, or of what `check --format json` says
        #[arg(long, value_enum, default_value_t)]
        of: Documented,
    },
}

impl Command {
    /// How steps are shown, by the commands that show some.
    pub(crate) fn shown(&self) -> Option<&Shown> {
        match self {
            Command::Derive(derive) => Some(&derive.shown),
            Command::Lower(rewrite) | Command::Simplify(rewrite) => Some(&rewrite.shown),
            Command::Raise(raise) => Some(&raise.rewrite.shown),
            _ => None,
        }
    }
}

/// What is asked.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// The problem: an expression, with or without declarations and `d/dX`; a problem file (`*.ein`, or any existing
    /// file); `-` for standard input
    #[arg(value_name = "EXPR|FILE|-", required_unless_present = "expr_file", conflicts_with = "expr_file")]
    pub(crate) problem: Option<OsString>,
    /// Read the problem from a file, whatever its name; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) expr_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) declared: Declared,
}

/// How its text is read.
#[derive(Debug, Args, Default)]
pub(crate) struct Declared {
    /// Declare names: "X in R^(m,n)", "S in R^(n,n) symmetric"; may be repeated
    #[arg(long, value_name = "DECL")]
    pub(crate) given: Vec<OsString>,
    /// How sums over indices are written: with a sign, or without one where an index occurs twice in a product
    #[arg(long, value_enum, default_value_t)]
    pub(crate) notation: Notation,
}

/// How it is differentiated.
#[derive(Debug, Args, Default)]
pub(crate) struct Differentiated {
    /// Differentiate with respect to X, if the problem does not say `d/dX`; repeat it for further derivatives
    #[arg(long, value_name = "X")]
    pub(crate) wrt: Vec<OsString>,
    /// How derivatives by structured variables are read: entries independent, entries moving with those tied to them,
    /// or the gradient with the structure
    #[arg(long, value_enum, value_name = "READING", default_value_t)]
    pub(crate) structured: Structured,
    /// The layout of the answer: numerator transposes what mixed has for a scalar by an array, denominator what it has for an
    /// array by anything
    #[arg(long, value_enum, default_value_t)]
    pub(crate) layout: Layout,
}

/// What to compare with what.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  einstep verify \"d/dX tr(V*X*W)\" --answer \"W*V\"
  einstep verify \"x'*S*x\" --wrt x --given \"S in R^(n,n) symmetric\" --answer \"2*S*x\"

The exit code is 0 for a right answer, 1 for a wrong one, 2 where that can't be told or the input is at fault.")]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(flatten)]
    pub(crate) differentiated: Differentiated,
    /// Your answer, in the input language
    #[arg(long, short, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) answer: String,
    /// The form of the output: for a terminal, or data
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DataFormat,
}

/// What to check.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  einstep \"d/dX tr(V*X*W)\" --format json --output trace.json
  einstep check trace.json
  einstep check trace.json more.jsonl --problem \"d/dX tr(V*X*W)\" --format json
  einstep check raised.json --problem \"sum[k](V[k,p]*W[q,k])\" --task raise --free q,p

accepted: every step, the answer and its forms hold at random points; a wrong step passes with a probability of at most 2^-b.
rejected: the first wrong step, its rule and place, and values at which its two sides differ.
declined: what can't be judged, and why.

The exit code is 0 where every trace is accepted, 1 where one is rejected, else 2 where one is declined or the input is at
fault.")]
pub(crate) struct Check {
    /// A file with a trace, or with one on each line (JSON Lines); `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Check against this problem, not against the question that the trace holds; `-` and files as for `derive`
    #[arg(long, value_name = "EXPR|FILE", allow_hyphen_values = true)]
    pub(crate) problem: Option<OsString>,
    /// Differentiate with respect to X, if the problem does not say `d/dX`
    #[arg(long, value_name = "X", requires = "problem")]
    pub(crate) wrt: Vec<OsString>,
    /// Declare names of the problem: "X in R^(m,n)", "S in R^(n,n) symmetric"; may be repeated
    #[arg(long, value_name = "DECL", requires = "problem")]
    pub(crate) given: Vec<OsString>,
    /// How sums over indices are written in the problem
    #[arg(long, value_enum, default_value_t)]
    pub(crate) notation: Notation,
    /// How derivatives by structured variables are read in the problem
    #[arg(long, value_enum, value_name = "READING", requires = "problem", default_value_t)]
    pub(crate) structured: Structured,
    /// The layout of the answer to the problem
    #[arg(long, value_enum, requires = "problem", default_value_t)]
    pub(crate) layout: Layout,
    /// What is to be done with the problem
    #[arg(long, value_enum, requires = "problem", default_value_t)]
    pub(crate) task: Task,
    /// The order of the free indices of what is to be raised, that of the rows first
    #[arg(long, value_name = "INDICES", requires = "problem")]
    pub(crate) free: Option<OsString>,
    /// The form of the output: for a terminal, or one JSON object a trace
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DataFormat,
    /// The number of random points for each assignment of sizes
    #[arg(long, value_name = "N")]
    pub(crate) points: Option<u32>,
    /// The seed of the points, in hexadecimal [default: a hash of the question and the trace]
    #[arg(long, value_name = "HEX", value_parser = |text: &str| u64::from_str_radix(text, 16))]
    pub(crate) seed: Option<u64>,
}

/// What to derive, and how it is shown.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  einstep derive \"tr(V*X*W)\" --wrt X
  einstep derive \"V in R^(l,m); d/dX tr(V*X*W)\" --quiet
  echo \"d/dw norm(w)\" | einstep derive - --detail full")]
pub(crate) struct Derive {
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(flatten)]
    pub(crate) differentiated: Differentiated,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// What to write in another way, and how it is shown.
#[derive(Debug, Args)]
pub(crate) struct Rewrite {
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// What to raise, and how it is shown.
#[derive(Debug, Args)]
pub(crate) struct Raise {
    #[command(flatten)]
    pub(crate) rewrite: Rewrite,
    /// The order of the free indices, that of the rows first: `p,q` [default: as they are read]
    #[arg(long, value_name = "INDICES")]
    pub(crate) free: Option<OsString>,
}

/// How steps are shown.
#[derive(Debug, Args)]
pub(crate) struct Shown {
    /// How much is shown: one line a phase, what one writes on paper, or every single rule
    #[arg(long, value_enum, default_value_t)]
    pub(crate) detail: Detail,
    /// The form of the output: for a terminal, a document, a page to open in a browser, or the complete record
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// With `--format latex` and `typst`: the body alone, for inclusion
    #[arg(long)]
    pub(crate) fragment: bool,
    /// With `--format json`: one line, without texts
    #[arg(long)]
    pub(crate) compact: bool,
    /// Write to a file, which is replaced only by complete output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Print the answer alone, in the input language
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Print the answer without names for what it repeats, `where t0 = ...`
    #[arg(long)]
    pub(crate) no_where: bool,
    /// The width of text in columns [default: that of the terminal, else 100]
    #[arg(long, value_name = "N")]
    pub(crate) width: Option<usize>,
    #[command(flatten)]
    pub(crate) bounds: Bounds,
}

/// How much work a derivation may take.
#[derive(Debug, Args)]
pub(crate) struct Bounds {
    /// The greatest number of steps
    #[arg(long, value_name = "N")]
    pub(crate) max_steps: Option<usize>,
    /// The greatest number of distinct expressions
    #[arg(long, value_name = "N")]
    pub(crate) max_nodes: Option<usize>,
}

impl Bounds {
    /// The bounds, and the usual ones where nothing is said.
    pub(crate) fn limits(&self) -> einstep::Limits {
        let usual = einstep::Limits::default();
        einstep::Limits { steps: self.max_steps.unwrap_or(usual.steps), nodes: self.max_nodes.unwrap_or(usual.nodes) }
    }
}

/// Many problems, and where their derivations go.
#[derive(Debug, Args)]
#[command(after_help = "\
A line is an object: `expr`, and beside it `id`, `given`, `wrt` and the options of `derive` by their names, such as
`layout` or `max_steps`. A list stands for a repeated option, `\"structured\": true` for `tied`; other fields are left alone.

  {\"id\": \"q1\", \"given\": [\"S in R^(n,n) symmetric\"], \"expr\": \"tr(A*S)\", \"wrt\": [\"S\"], \"structured\": \"tied\"}

The line that answers it is a trace with the same `id`; or, where there is none, an object with the number of the `line` and its
`errors`. Lines don't depend on the number of jobs.

Examples:
  einstep batch problems.jsonl > traces.jsonl
  einstep batch problems.jsonl --jobs 8 --output traces.jsonl
  einstep batch problems.jsonl --jobs 8 --output traces.jsonl --resume
  einstep batch - --answers < problems.jsonl

The exit code is 0 where every problem has a derivation, else 2.")]
pub(crate) struct Batch {
    /// A file with a problem on each line (JSON Lines); `-` for standard input
    pub(crate) file: PathBuf,
    /// How many problems are derived at the same time [default: the number of processors]
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Write the answers without their derivations
    #[arg(long)]
    pub(crate) answers: bool,
    /// Write to a file, line by line
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Go on behind the last complete line of the output, after an interruption
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
}

/// What a line of a batch says beside its expression.
#[derive(Debug, Args)]
pub(crate) struct Item {
    #[command(flatten)]
    pub(crate) declared: Declared,
    #[command(flatten)]
    pub(crate) differentiated: Differentiated,
    #[command(flatten)]
    pub(crate) bounds: Bounds,
}

/// Reads the arguments of the process, the first of which is the name of the program.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let first = skip_color(&args);
    if args.get(first).is_some_and(|arg| !is_command(arg)) {
        args.insert(first, "derive".into());
    }
    // Only an expression that begins with a sign makes clap take unknown options for one.
    let signed = args.iter().skip(first).any(|arg| is_signed(arg));
    let command =
        ["derive", "lower", "raise", "simplify", "verify"].into_iter().fold(Cli::command(), |command, name| {
            command
                .mut_subcommand(name, |known| known.mut_arg("problem", |problem| problem.allow_hyphen_values(signed)))
        });
    let cli = Cli::from_arg_matches(&command.try_get_matches_from(args)?)?;
    match &cli.command {
        Command::Derive(derive) => agree(&derive.asked, &derive.shown, "derive")?,
        Command::Lower(rewrite) => agree(&rewrite.asked, &rewrite.shown, "lower")?,
        Command::Raise(raise) => agree(&raise.rewrite.asked, &raise.rewrite.shown, "raise")?,
        Command::Simplify(rewrite) => agree(&rewrite.asked, &rewrite.shown, "simplify")?,
        Command::Verify(verify) => verify.asked.agree("verify")?,
        _ => {}
    }
    Ok(cli)
}

/// The position of the first argument behind the program and `--color`.
fn skip_color(args: &[OsString]) -> usize {
    let mut at = 1;
    while let Some(arg) = args.get(at).and_then(|arg| arg.to_str()) {
        match arg {
            "--color" => at += 2,
            _ if arg.starts_with("--color=") => at += 1,
            _ => break,
        }
    }
    at
}

/// Whether an argument is for the command itself rather than a problem or an option of `derive`.
///
/// A word that is nearly a command is left to clap, which proposes the right one: as an expression it could only be an
/// undeclared long name.
fn is_command(arg: &OsStr) -> bool {
    let Some(text) = arg.to_str() else { return false };
    if matches!(text, "-h" | "--help" | "-V" | "--version") {
        return true;
    }
    let command = Cli::command();
    let mut names = command.get_subcommands().map(clap::Command::get_name).chain(["help"]);
    names.any(|name| name == text || is_slip(text, name)) && (!Path::new(arg).is_file() || text == "derive")
}

fn is_slip(text: &str, name: &str) -> bool {
    text.len() > 3 && text.bytes().all(|b| b.is_ascii_lowercase()) && crate::reference::distance(text, name) <= 2
}

/// An error of a command, with its usage.
fn refuse(command: &str, kind: ErrorKind, message: String) -> Result<(), clap::Error> {
    let mut cli = Cli::command();
    cli.build();
    let known = cli.find_subcommand_mut(command).map(std::mem::take).unwrap_or(cli);
    Err(known.clone().error(kind, message))
}

impl Asked {
    /// Refuses an option that is mistaken for a problem.
    fn agree(&self, command: &str) -> Result<(), clap::Error> {
        match self.problem.as_deref().and_then(OsStr::to_str).filter(|text| is_option(text)) {
            Some(word) => refuse(command, ErrorKind::UnknownArgument, format!("unexpected argument '{word}'")),
            None => Ok(()),
        }
    }
}

/// Refuses options that would have no effect.
fn agree(asked: &Asked, shown: &Shown, command: &str) -> Result<(), clap::Error> {
    asked.agree(command)?;
    let without = |option: &str, format: &str| {
        let message = format!("{option} has an effect with --format {format} only");
        refuse(command, ErrorKind::ArgumentConflict, message)
    };
    if shown.fragment && shown.format != Format::Latex {
        return without("--fragment", "latex");
    }
    if shown.compact && shown.format != Format::Json {
        return without("--compact", "json");
    }
    if shown.quiet && shown.format != Format::Text {
        return without("--quiet", "text");
    }
    Ok(())
}

/// Whether an argument is an expression that begins with a sign, and no option.
fn is_signed(arg: &OsStr) -> bool {
    let text = arg.to_string_lossy();
    text.starts_with('-') && !is_option(&text) && !["-", "--", "-h", "-o", "-q"].contains(&&*text)
}

/// Whether a text has the form of a long option, which no expression has: `--x'*x` is one, `--formt` is not.
fn is_option(text: &str) -> bool {
    let word = text.strip_prefix("--").and_then(|rest| rest.split('=').next()).unwrap_or("");
    word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}
