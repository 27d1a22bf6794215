//! Writes every derivation of the suite in the formats that other programs read: `formats FOLDER`.
//!
//! In: `tests/suite`. Out: `notes-1.tex` and so on, `full-1.tex` and so on with many derivations each, `all.typ` that includes one
//! `.typ` a derivation, and one `.md` a derivation. Left to others: running those programs (`tests/formats/run`).

use einstep::{Derivation, Detail, LatexOptions, MarkdownOptions, TypstOptions};
use einstep_tests::cases;
use std::fmt::Write as _;
use std::path::Path;

/// The number of documents among which the derivations are divided.
const PARTS: usize = 2;

fn main() -> Result<(), String> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    let folder = Path::new(&folder);
    let mut derived: Vec<(String, Derivation)> = Vec::new();
    for case in cases()? {
        let name = case.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if let Ok(derivation) = case.parsed().and_then(|problem| problem.derive()) {
            derived.push((format!("{:03}-{name}", derived.len()), derivation));
        }
    }
    let write = |name: String, text: String| std::fs::write(folder.join(name), text).map_err(|error| error.to_string());
    let mut all = String::new();
    for (name, derivation) in &derived {
        let _ = writeln!(all, "#include \"{name}.typ\"\n#pagebreak()");
        write(format!("{name}.typ"), derivation.to_typst(&TypstOptions { detail: Detail::Full, fragment: true }))?;
        write(format!("{name}.md"), derivation.to_markdown(&MarkdownOptions { detail: Detail::Full }))?;
    }
    write("all.typ".into(), all)?;
    for (level, detail) in [("notes", Detail::Notes), ("full", Detail::Full)] {
        for part in 0..PARTS {
            let mut document = String::new();
            for (name, derivation) in derived.iter().skip(part).step_by(PARTS) {
                if document.is_empty() {
                    let whole = derivation.to_latex(&LatexOptions { detail, fragment: false });
                    document = whole.split_once("\\begingroup").map_or("", |(preamble, _)| preamble).to_string();
                }
                let fragment = derivation.to_latex(&LatexOptions { detail, fragment: true });
                let _ = writeln!(document, "\\typeout{{einstep: {name}}}\n{fragment}\\clearpage");
            }
            write(format!("{level}-{}.tex", part + 1), document + "\\end{document}\n")?;
        }
    }
    eprintln!("{} derivations", derived.len());
    Ok(())
}
