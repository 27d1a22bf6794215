//! Room for deep expressions.
//!
//! In: a computation. Out: its result, computed on a stack that is deep enough for any expression within the limits.
//! Left to others: the limits.

use std::thread;

/// The size of the stack, of which only what is used is ever touched.
const SIZE: usize = 1 << 30;

/// Runs a computation on a thread with a large stack.
pub(crate) fn deep<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| match thread::Builder::new().stack_size(SIZE).spawn_scoped(scope, run) {
        Ok(handle) => match handle.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        },
        // Without memory for a thread there is none for a derivation either.
        Err(error) => std::panic::panic_any(error.to_string()),
    })
}
