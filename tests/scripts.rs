//! The pod's scripts on real servers: the same files that a pod runs, under dash and busybox.
//!
//! To add a case: a function here or in a file below `scripts/`, beginning with [`each`].
#![expect(clippy::disallowed_methods, reason = "a test looks at files and environment")]

mod keeper;
mod life;
mod pod;
mod programs;
mod release;
mod volume;
mod wal;

use pod::{Pod, Shell};

/// Tries a case in a pod for each of these majors, with the shells in turn, all at once.
fn each(majors: &[u8], case: impl Fn(Pod) + Sync) {
    let shells = [Shell::Dash, Shell::Busybox];
    std::thread::scope(|scope| {
        for (major, shell) in majors.iter().zip(shells.iter().cycle()) {
            let case = &case;
            if let Some(pod) = Pod::new(*shell, *major) {
                scope.spawn(move || case(pod));
            }
        }
    });
}
