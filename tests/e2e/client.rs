//! A client outside the cluster that writes without end, and remembers what was acknowledged to it.

use super::Release;
use crate::support::run;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub(super) const TABLE: &str = "CREATE TABLE IF NOT EXISTS acknowledged (a bigint PRIMARY KEY)";

/// What is shared with the writing thread.
#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    next: AtomicU64,
    rows: Mutex<Vec<u64>>,
    last: Mutex<Option<Instant>>,
    gap: Mutex<Duration>,
}

/// The client. Each row is a connection and a commit of its own: one that fails or does not end in time counts as not
/// acknowledged, whatever became of it.
pub(super) struct Client {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Client {
    /// Begins to write through the Service.
    pub(super) fn start(release: &Release) -> Self {
        release.wait_served();
        release.as_app("production_data", TABLE).expect("the table can be made");
        let shared = Arc::new(Shared::default());
        let client = release.namespace.client("demo", "app", &release.password("app"), "production_data");
        let mine = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            while !mine.stop.load(Ordering::Relaxed) {
                let row = mine.next.fetch_add(1, Ordering::Relaxed);
                let sql = format!("INSERT INTO acknowledged VALUES ({row})");
                let ran = run(&mut client(), sql.as_bytes());
                // A cancelled wait for standbys is a warning, and no acknowledgement.
                let acknowledged = ran.status == 0 && ran.stderr.is_empty();
                if acknowledged {
                    mine.acknowledge(row);
                }
                // A connection per row would else keep a processor busy that the servers need.
                std::thread::sleep(Duration::from_millis(if acknowledged { 50 } else { 200 }));
            }
        });
        Self { shared, thread: Some(thread) }
    }

    /// What was acknowledged until now.
    pub(super) fn acknowledged(&self) -> Vec<u64> {
        lock(&self.shared.rows).clone()
    }

    /// How many rows were acknowledged until now.
    pub(super) fn count(&self) -> usize {
        lock(&self.shared.rows).len()
    }

    /// The longest time between two acknowledgements since this was asked last.
    pub(super) fn take_gap(&self) -> Duration {
        std::mem::take(&mut *lock(&self.shared.gap))
    }

    /// Ends it, and gives what was acknowledged.
    pub(super) fn stop(mut self) -> Vec<u64> {
        self.end();
        std::mem::take(&mut *lock(&self.shared.rows))
    }

    fn end(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the client's thread ends");
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn acknowledge(&self, row: u64) {
        lock(&self.rows).push(row);
        let now = Instant::now();
        if let Some(before) = lock(&self.last).replace(now) {
            let mut gap = lock(&self.gap);
            *gap = (*gap).max(now - before);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The rows of `acknowledged` that are missing from what a query found.
pub(super) fn missing(acknowledged: &[u64], found: &str) -> Vec<u64> {
    let found: std::collections::BTreeSet<u64> = found.lines().filter_map(|line| line.parse().ok()).collect();
    acknowledged.iter().copied().filter(|row| !found.contains(row)).collect()
}
