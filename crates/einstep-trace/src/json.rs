//! The JSON form of a derivation, and its schema.
//!
//! In: a [`Derivation`], or text. Out: text, or a [`Derivation`]. Left to others: whether it is right.

use crate::derivation::{Derivation, FORMAT};
use serde_json::Value;
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

    /// A field of the text from which this was read that the format does not know, as a path such as `chains.0.proof`.
    ///
    /// ```
    /// # use einstep_trace::Derivation;
    /// # let text = r#"{"format":"einstep-trace/1","generator":{"name":"","version":"","mood":"good"},"problem":{"text":"",
    /// #   "expression":"x","wrt":[],"node":0,"given":[],"layout":"mixed","structured":"free"},"dims":[],"symbols":[],
    /// #   "indices":[],"nodes":[],"shapes":[],"chains":[],"conditions":[],"result":{"node":0,"shape":[],"form":"index",
    /// #   "index":"x","free":[],"einsum":[]}}"#;
    /// // The generator of this text has a field `mood`.
    /// assert_eq!(Derivation::from_json(text)?.unknown_field(text).as_deref(), Some("generator.mood"));
    /// # Ok::<(), einstep_trace::ReadError>(())
    /// ```
    pub fn unknown_field(&self, text: &str) -> Option<String> {
        let [given, known] = [serde_json::from_str(text), serde_json::to_value(self)].map(Result::unwrap_or_default);
        difference(&given, &known)
    }
}

/// The path to a field that says something and is in the first value only. What is read is left out in writing where it
/// says nothing.
fn difference(given: &Value, known: &Value) -> Option<String> {
    let below =
        |name: String, given: &Value, known: &Value| difference(given, known).map(|rest| format!("{name}.{rest}"));
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => given.iter().find_map(|(name, value)| match known.get(name) {
            Some(known) => below(name.clone(), value, known),
            None => (!is_empty(value)).then(|| name.clone()),
        }),
        (Value::Array(given), Value::Array(known)) => {
            given.iter().zip(known).enumerate().find_map(|(k, (given, known))| below(k.to_string(), given, known))
        }
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The JSON Schema of the format, draft 2020-12.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Derivation);
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}
