//! The JSON form of a derivation, and its schema.
//!
//! In: a [`Derivation`], or text. Out: text, or a [`Derivation`]. Left to others: whether it is right.

use crate::derivation::{Derivation, FORMAT};
use std::fmt;

/// Why a file is not a trace.
#[derive(Debug)]
pub enum ReadError {
    /// It is not JSON of the right form.
    Json(serde_json::Error),
    /// It has another format or version.
    Format(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Json(error) => write!(f, "not a trace: {error}"),
            ReadError::Format(format) => write!(f, "the format is `{format}`, this reader knows `{FORMAT}`"),
        }
    }
}

impl std::error::Error for ReadError {}

impl Derivation {
    /// The derivation as JSON, one line a step being left to pretty-printers.
    pub fn to_json(&self) -> String {
        // Maps have string keys and numbers are integers, so this can't fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The derivation as indented JSON.
    pub fn to_json_pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a derivation. Unknown fields are ignored.
    ///
    /// # Errors
    /// Text that is not JSON of this form, or another version of the format.
    pub fn from_json(text: &str) -> Result<Derivation, ReadError> {
        let derivation: Derivation = serde_json::from_str(text).map_err(ReadError::Json)?;
        if derivation.format != FORMAT {
            return Err(ReadError::Format(derivation.format));
        }
        Ok(derivation)
    }
}

/// The JSON Schema of the format, draft 2020-12.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Derivation);
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}
