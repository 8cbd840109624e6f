//! The pod's scripts on real servers: the same files that a pod runs, under dash and busybox.
//!
//! To add a case: a function here or in a file below `scripts/`, beginning with [`pods`].
#![expect(clippy::disallowed_methods, reason = "a test looks at files and environment")]

mod life;
mod pod;

use pod::{Pod, Shell};

/// The pods that a case is tried in: both shells, and majors as far apart as the case needs.
fn pods(majors: &[u8]) -> Vec<Pod> {
    let shells = [Shell::Dash, Shell::Busybox];
    majors.iter().zip(shells.iter().cycle()).filter_map(|(major, shell)| Pod::new(*shell, *major)).collect()
}
