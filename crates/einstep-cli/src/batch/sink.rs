//! Where the lines of a batch go: standard output, or a file that can be gone on with.
//!
//! In: lines. Out: bytes, written when a line is complete. Left to others: what the lines say.

use super::line::{Reader, id_of};
use crate::args;
use crate::failure::Failure;
use serde::Deserialize;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::path::Path;

/// A place for lines.
pub(super) struct Sink {
    write: Box<dyn Write>,
    name: String,
}

/// What a line that was written before says of itself.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    id: Option<String>,
}

impl Sink {
    /// Opens the output. What is there already is kept when the batch is resumed, and the problems that it answers are skipped.
    pub(super) fn open(args: &args::Batch, problems: &mut Reader<impl BufRead>) -> Result<Sink, Failure> {
        let Some(path) = args.output.as_deref().filter(|path| *path != Path::new("-")) else {
            return Ok(Sink { write: Box::new(io::stdout()), name: "standard output".into() });
        };
        let name = path.display().to_string();
        let told = |error: io::Error| Failure::io(format!("can't write {name}"), &error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(!args.resume).open(path).map_err(told)?;
        if args.resume {
            let kept = skip(&file, problems, &name)?;
            // A line that was being written is written anew.
            file.set_len(kept).and_then(|()| file.seek(SeekFrom::Start(kept))).map_err(told)?;
        }
        Ok(Sink { write: Box::new(file), name })
    }

    /// Writes a line; says whether more are wanted. A reader that went away is no failure.
    pub(super) fn write(&mut self, line: &str) -> Result<bool, Failure> {
        let written = self.write.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.write.flush());
        match written {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(Failure::io(format!("can't write {}", self.name), &error)),
        }
    }
}

/// Skips the problems that are answered by complete lines; the length of these.
fn skip(file: &File, problems: &mut Reader<impl BufRead>, name: &str) -> Result<u64, Failure> {
    let mut read = BufReader::new(file);
    let mut kept = 0;
    for number in 1u64.. {
        let mut line = Vec::new();
        let length =
            read.read_until(b'\n', &mut line).map_err(|error| Failure::io(format!("can't read {name}"), &error))?;
        if !line.ends_with(b"\n") {
            break;
        }
        let problem = problems.next_line().map_err(|error| Failure::io("can't read the problems".into(), &error))?;
        let written = serde_json::from_slice::<Written>(&line).ok();
        let same = problem.zip(written).is_some_and(|(problem, written)| id_of(&problem) == written.id);
        if !same {
            return Err(Failure::Input {
                message: format!("line {number} of {name} does not answer the problem in its place"),
                help: vec!["`--resume` goes on with the output of the same problems".into()],
            });
        }
        kept += length as u64;
    }
    Ok(kept)
}
