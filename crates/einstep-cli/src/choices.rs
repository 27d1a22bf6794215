//! What may stand behind an option with a list of values. What the values mean is told with the options: one line each, in
//! the help of `-h` and of `--help`.
//!
//! In: a value as it is written. Out: the same as a type that clap reads. Left to others: the options themselves (`args`).

use clap::ValueEnum;

/// How sums over indices are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Notation {
    #[default]
    Explicit,
    Einstein,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Documented {
    #[default]
    Trace,
    Verdict,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// The same for the streams.
    pub(crate) fn choice(self) -> anstream::ColorChoice {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::AlwaysAnsi,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}

/// How derivatives by structured variables are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Structured {
    #[default]
    Free,
    Tied,
    Projected,
}

impl From<Structured> for einstep::trace::Reading {
    fn from(structured: Structured) -> Self {
        match structured {
            Structured::Free => Self::Free,
            Structured::Tied => Self::Tied,
            Structured::Projected => Self::Projected,
        }
    }
}

/// What is done with an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Task {
    #[default]
    Derive,
    Lower,
    Raise,
    Simplify,
}

impl From<Task> for einstep::trace::Task {
    fn from(task: Task) -> Self {
        match task {
            Task::Derive => Self::Derive,
            Task::Lower => Self::Lower,
            Task::Raise => Self::Raise,
            Task::Simplify => Self::Simplify,
        }
    }
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Detail {
    Outline,
    #[default]
    Notes,
    Full,
}

/// The layout of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Layout {
    #[default]
    Mixed,
    Numerator,
    Denominator,
}

impl From<Layout> for einstep::trace::Layout {
    fn from(layout: Layout) -> Self {
        match layout {
            Layout::Mixed => Self::Mixed,
            Layout::Numerator => Self::Numerator,
            Layout::Denominator => Self::Denominator,
        }
    }
}

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Latex,
    Html,
    Markdown,
    Typst,
    Json,
}

/// The form of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum DataFormat {
    #[default]
    Text,
    Json,
}
