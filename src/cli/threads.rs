//! The thread pool of builds. If the system allows no more threads, the current one does all the
//! work.

use std::sync::mpsc::channel;
use std::thread::Builder;

use rayon::ThreadPoolBuilder;

/// Sets up the pool, before its first use.
pub(super) fn begin() {
    let threads = ThreadPoolBuilder::new();
    let threads = if are_given(rayon_threads()) {
        threads
    } else {
        threads.num_threads(1).use_current_thread()
    };
    // The only error is that a pool exists already.
    let _ = threads.build_global();
}

/// The number of threads that rayon would start.
fn rayon_threads() -> usize {
    let asked = std::env::var("RAYON_NUM_THREADS").ok().and_then(|count| count.parse().ok());
    let own = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.filter(|&count| count > 0).unwrap_or_else(own)
}

/// Whether the system allows this many threads. A pool that fails to start can't be set up again.
fn are_given(count: usize) -> bool {
    let mut waiting = Vec::with_capacity(count);
    for _ in 0..count {
        let (hold, end) = channel::<()>();
        match Builder::new().spawn(move || end.recv().is_ok()) {
            Ok(thread) => waiting.push((hold, thread)),
            Err(_) => break,
        }
    }
    let is_enough = waiting.len() == count;
    for (hold, thread) in waiting {
        drop(hold);
        let _ = thread.join();
    }
    is_enough
}
