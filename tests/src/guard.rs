//! Running much, and what may panic or never end.
//!
//! In: computations, a budget of time. Out: their results, or what became of them. Left to others: what is computed.
//!
//! A computation that is out of time keeps its thread until the process ends.

use std::sync::atomic::{AtomicUsize, Ordering};
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

/// The size of the stack, of which only what is used is ever touched.
const STACK: usize = 1 << 30;

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
    let run = move || {
        // Whoever waited may be gone.
        let _ = sender.send(run());
    };
    let handle = match thread::Builder::new().stack_size(STACK).spawn(run) {
        Ok(handle) => handle,
        Err(error) => return Err(Failure::Panic(error.to_string())),
    };
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

/// The results for the numbers below a bound, in their order, computed on all processors.
pub fn for_each<T: Send>(count: usize, run: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let result = run(number);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((number, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
}
