//! The generated files: written, or checked to be current.
//!
//! In: the rule catalogue, the error codes, the trace types. Out: the statement table of `einstep-trace`, and pages of
//! the book. The command is `cargo run -p einstep-dev --example generate -- write|check`; it is no binary of the
//! workspace, so that plain `cargo run` is einstep.

mod format;
mod pages;

use std::io;
use std::path::Path;

/// The generated files that differ from what they should be, as paths from the root. With `write` they are rewritten.
///
/// # Errors
/// A file that can't be written.
pub fn stale(write: bool) -> io::Result<Vec<&'static str>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut stale = Vec::new();
    for (path, text) in pages::all() {
        let file = root.join(path);
        if std::fs::read_to_string(&file).is_ok_and(|old| old == text) {
            continue;
        }
        stale.push(path);
        if write {
            std::fs::write(&file, text)?;
        }
    }
    Ok(stale)
}
