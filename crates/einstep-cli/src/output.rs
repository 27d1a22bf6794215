//! Where output goes: standard output, or a file that is replaced as a whole.
//!
//! In: finished text. Out: bytes. Left to others: what the text says.

use crate::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process;

/// The width of text where nothing else is known.
const WIDTH: usize = 100;

/// Whether standard output shows colour.
pub(crate) fn is_colored() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// The width of the terminal; what is piped does not depend on where.
pub(crate) fn width() -> usize {
    match terminal_size::terminal_size() {
        Some((terminal_size::Width(columns), _)) if io::stdout().is_terminal() => usize::from(columns),
        _ => WIDTH,
    }
}

/// A text from elsewhere, in which nothing steers the terminal.
pub(crate) fn harmless(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}

/// Writes to standard output. A reader that went away is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::io("can't write to standard output".into(), &error))
        }
        _ => Ok(()),
    }
}

/// Writes a file: a temporary one beside it first, which then takes its name.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let failure = |error: io::Error| Failure::io(format!("can't write {}", path.display()), &error);
    if is_device(path) {
        let file = OpenOptions::new().append(true).open(path);
        return file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(failure);
    }
    // A link stays a link; what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let permissions = fs::metadata(&target).ok().map(|existing| existing.permissions());
    let temporary = temporary(&target);
    create(&temporary, text, permissions).map_err(failure)?;
    fs::rename(&temporary, &target).map_err(|error| {
        // The failure to rename is what is told.
        let _ = fs::remove_file(&temporary);
        failure(error)
    })
}

/// Whether a path names a device or a pipe, which can't be replaced.
fn is_device(path: &Path) -> bool {
    let named = path.starts_with("/dev") || path.starts_with("/proc");
    named || fs::metadata(path).is_ok_and(|existing| !existing.is_file() && !existing.is_dir())
}

/// Writes a new file, or leaves none.
fn create(path: &Path, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let permitted = permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions));
    let written = permitted.and_then(|()| file.write_all(text.as_bytes())).and_then(|()| file.sync_all());
    written.inspect_err(|_| {
        // The failure to write is what is told.
        let _ = fs::remove_file(path);
    })
}

/// A hidden name beside a file, of this process alone.
fn temporary(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", process::id()));
    path.with_file_name(name)
}
