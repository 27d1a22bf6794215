//! Running what may panic or never end.
//!
//! In: a computation, a budget of time. Out: its result, or what became of it. Left to others: what is computed.
//!
//! A computation that is out of time keeps its thread until the process ends.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;
use std::{panic, thread};

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It panicked; the message and the place.
    Panic(String),
    /// It was out of time.
    Time,
}

/// The messages of panics, with their places.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static HOOK: Once = Once::new();

/// Runs a computation on a thread of its own.
///
/// # Errors
/// A panic, or that it was out of time.
pub fn guarded<T: Send + 'static>(budget: Duration, run: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|info| {
            PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(info.to_string().replace('\n', " "));
        }));
    });
    let (sender, receiver) = channel();
    let handle = thread::spawn(move || {
        // Whoever waited may be gone.
        let _ = sender.send(run());
    });
    match receiver.recv_timeout(budget) {
        Ok(result) => Ok(result),
        Err(RecvTimeoutError::Timeout) => Err(Failure::Time),
        Err(RecvTimeoutError::Disconnected) => {
            let payload = handle.join().err();
            let payload = payload.as_deref().map(message).unwrap_or_default();
            let panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
            let told = panics.iter().rev().find(|told| told.contains(&payload.replace('\n', " ")));
            Err(Failure::Panic(told.cloned().unwrap_or(payload)))
        }
    }
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
}
