//! `einstep derive` and the commands that rewrite: from a problem to a written derivation.
//!
//! In: a problem, how it is shown. Out: a derivation in the form asked for, where it was asked for. Left to others: everything on the way.

use crate::args::{self, Color, Format, Shown};
use crate::failure::Failure;
use crate::{diagnostics, output};
use einstep::trace::CheckStatus;
use einstep::{
    Derivation, Detail, HtmlOptions, LatexOptions, MarkdownOptions, Options, Problem, TextOptions, TypstOptions,
};

/// Derives, checks and writes.
pub(crate) fn run(problem: &Problem, args: &Shown, color: Color) -> Result<(), Failure> {
    let options = Options { limits: args.bounds.limits(), names: !args.no_where, ..Options::default() };
    let derivation = problem.derive_with(&options)?;
    if derivation.status() != CheckStatus::Accepted {
        diagnostics::warn(&unchecked(&derivation));
    }
    match &args.output {
        Some(path) if path.as_os_str() != "-" => {
            output::replace(path, &written(&derivation, args, color == Color::Always))
        }
        _ => output::print(&written(&derivation, args, output::is_colored())),
    }
}

/// The derivation in the form asked for, ending in a line end.
fn written(derivation: &Derivation, args: &Shown, color: bool) -> String {
    let detail = match args.detail {
        args::Detail::Outline => Detail::Outline,
        args::Detail::Notes => Detail::Notes,
        args::Detail::Full => Detail::Full,
    };
    let mut text = match args.format {
        Format::Text if args.quiet => derivation.printed_answer(),
        Format::Text => {
            let width = args.width.unwrap_or_else(output::width);
            derivation.to_text(&TextOptions { detail, width, color })
        }
        Format::Latex => derivation.to_latex(&LatexOptions { detail, fragment: args.fragment }),
        Format::Html => derivation.to_html(&HtmlOptions { detail }),
        Format::Markdown => derivation.to_markdown(&MarkdownOptions { detail }),
        Format::Typst => derivation.to_typst(&TypstOptions { detail, fragment: args.fragment }),
        Format::Json => derivation.to_json(args.compact),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Why the check could not judge the derivation.
fn unchecked(derivation: &Derivation) -> String {
    let reason = derivation.trace().check.as_ref().and_then(|check| check.reason.as_deref());
    format!("not checked: {}", reason.unwrap_or("no reason was given"))
}
