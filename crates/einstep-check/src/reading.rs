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
/// assert!(matches!(read("{}"), Err(Verdict::Rejected(_))));
/// ```
pub fn read(text: &str) -> Result<Derivation, Verdict> {
    if text.len() > MAX_LENGTH {
        return Err(Fault::decline(FILE, format!("it is longer than {MAX_LENGTH} bytes")).into());
    }
    let derivation = Derivation::from_json(text).map_err(Verdict::from)?;
    limits::bounded(&derivation).map_err(Verdict::from)?;
    match derivation.unknown_field(text) {
        Some(field) => Err(Fault::decline(FILE, format!("the field `{field}` is not known")).into()),
        None => Ok(derivation),
    }
}
