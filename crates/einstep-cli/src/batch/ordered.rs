//! Work in parallel, with results in the order of the tasks.
//!
//! In: tasks, one after the other. Out: results, one after the other. Left to others: the work.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Reading a problem nests as deeply as the language allows.
const STACK: usize = 1 << 24;

/// Works on tasks until there are none, or until a result is not taken.
///
/// At most a window of tasks is on its way: no further one is read before the first of them is done with. The threads are left
/// behind when they wait for input that nobody needs any more.
pub(super) fn ordered<T: Send + 'static, R: Send + 'static>(
    workers: usize,
    window: usize,
    mut next: impl FnMut() -> Option<T> + Send + 'static,
    work: impl Fn(T) -> R + Clone + Send + 'static,
    mut take: impl FnMut(R) -> bool,
) {
    let (permit, permits) = sync_channel(window);
    let (task, tasks) = channel();
    let (result, results) = channel();
    thread::spawn(move || {
        for number in 0usize.. {
            if permit.send(()).is_err() {
                break;
            }
            match next().map(|item| task.send((number, item))) {
                Some(Ok(())) => {}
                _ => break,
            }
        }
    });
    let tasks = Arc::new(Mutex::new(tasks));
    for _ in 0..workers {
        let (result, tasks, work) = (result.clone(), tasks.clone(), work.clone());
        let worker = move || {
            while let Some((number, item)) = received(&tasks) {
                if result.send((number, work(item))).is_err() {
                    break;
                }
            }
        };
        if let Err(error) = thread::Builder::new().stack_size(STACK).spawn(worker) {
            // Without memory for a thread there is none for a derivation either.
            std::panic::panic_any(error.to_string());
        }
    }
    drop(result);
    let mut waiting = BTreeMap::new();
    let mut due = 0usize;
    for (number, result) in results {
        waiting.insert(number, result);
        while let Some(result) = waiting.remove(&due) {
            due += 1;
            if !take(result) {
                return;
            }
            // It was sent before the task was read.
            let _ = permits.recv();
        }
    }
}

fn received<T>(tasks: &Mutex<Receiver<T>>) -> Option<T> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::ordered;
    use std::time::Duration;

    #[test]
    fn results_keep_the_order_of_tasks() {
        for workers in [1, 4] {
            let mut tasks = 0..200u64;
            let mut seen = Vec::new();
            let work = |task: u64| {
                std::thread::sleep(Duration::from_micros(task * 7 % 50));
                task
            };
            ordered(
                workers,
                5,
                move || tasks.next(),
                work,
                |result| {
                    seen.push(result);
                    true
                },
            );
            assert_eq!(seen, (0..200).collect::<Vec<_>>());
        }
    }

    #[test]
    fn it_stops_where_a_result_is_not_taken() {
        let mut tasks = 0..;
        let mut seen = 0;
        ordered(
            3,
            5,
            move || tasks.next(),
            |task: u64| task,
            |_| {
                seen += 1;
                seen < 10
            },
        );
        assert_eq!(seen, 10);
    }
}
