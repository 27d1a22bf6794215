//! A text as a derivation that can be checked.
//!
//! In: text, perhaps hostile. Out: a derivation every field of which is known, or the verdict on what is none.
//! Left to others: what the derivation says.

use crate::limits;
use crate::verdict::{FILE, Fault, Verdict};
use einstep_trace::Derivation;

/// The greatest length of the text of one trace, in bytes.
const MAX_LENGTH: usize = 1 << 24;

/// Reads a trace. A field that the format does not know may say anything, so a trace that has one can't be judged.
///
/// # Errors
/// The verdict: rejected if it is no trace, declined if it may be one of another kind or is too large.
///
/// ```
/// use einstep_check::{Verdict, read};
/// assert!(read("{}").is_err_and(|verdict| matches!(*verdict, Verdict::Rejected(_))));
/// ```
pub fn read(text: &str) -> Result<Derivation, Box<Verdict>> {
    let decline = |reason: String| Err(Box::new(Fault::decline(FILE, reason).into()));
    if text.len() > MAX_LENGTH {
        return decline(format!("it is longer than {MAX_LENGTH} bytes"));
    }
    let derivation = Derivation::from_json(text).map_err(|error| Box::new(error.into()))?;
    limits::bounded(&derivation).map_err(|fault| Box::new(fault.into()))?;
    match derivation.unknown_field(text) {
        Some(field) => decline(format!("the field `{field}` is not known")),
        None => Ok(derivation),
    }
}
