//! Where output goes: standard output, or a file that is replaced as a whole.
//!
//! In: finished text. Out: bytes. Left to others: what the text says.

use crate::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The width of text where nothing else is known.
const WIDTH: usize = 100;

/// Whether standard output shows colour.
pub(crate) fn is_colored() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// The width of the terminal as far as the shell tells it, for a terminal only: what is piped does not depend on where.
pub(crate) fn width() -> usize {
    let columns = || std::env::var("COLUMNS").ok()?.trim().parse().ok().filter(|&columns| columns > 0);
    if io::stdout().is_terminal() { columns().unwrap_or(WIDTH) } else { WIDTH }
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
    // A link stays a link; what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    match fs::metadata(&target) {
        // A device or a pipe can't be replaced.
        Ok(existing) if !existing.is_file() => fs::write(&target, text).map_err(failure),
        existing => {
            let temporary = temporary(&target);
            let permissions = existing.ok().map(|existing| existing.permissions());
            let written = create(&temporary, text, permissions).and_then(|()| fs::rename(&temporary, &target));
            written.map_err(|error| {
                // It may not even exist.
                let _ = fs::remove_file(&temporary);
                failure(error)
            })
        }
    }
}

fn create(path: &Path, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}

/// A hidden name beside a file, of this process alone.
fn temporary(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}
