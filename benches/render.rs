//! Renders many releases in one process: is the time linear, and what does one cost once the program runs?
//!
//! `cargo bench --bench render` prints a line for each number of releases; `cargo bench --bench render -- 500` for that number alone. The results are
//! kept in BENCHMARKS.md. This measures and never fails: tests never measure.

use std::io::Write as _;
use std::num::NonZero;
use std::time::{Duration, Instant};

use pgpod::diagnostics::{Diagnostics, Sources};
use pgpod::manifest;
use pgpod::pipeline;
use pgpod::release::Release;
use pgpod::render::Templates;
use pgpod::values::{FlagKind, Input};

/// How often each number is measured; the best is told, since everything that disturbs makes it longer.
const ROUNDS: usize = 5;

const VALUES: &str = include_str!("../examples/factory.yaml");

/// A release from its layers to the bytes of its manifests; their number.
fn render(name: &str, templates: &Templates) -> usize {
    let inputs = vec![
        Input::File { name: "factory.yaml".to_owned(), text: VALUES.to_owned(), stdin: false },
        Input::Flag { kind: FlagKind::Set, argument: format!("podLabels.release={name}") },
    ];
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let release = Release::new(name, "plant7", false).expect("the name is one");
    let no_file = |_: &str| Err("there is none".to_owned());
    let loaded =
        pipeline::load(None, inputs, &no_file, &mut sources, &mut found).expect("the example is good");
    let made =
        pipeline::make(&loaded, &release, templates, &mut sources, &mut found).expect("the example is good");
    manifest::to_stream(&made.objects).len()
}

/// The time of so many releases, divided among as many threads as there are processors.
fn releases(count: usize) -> (Duration, usize) {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let began = Instant::now();
    let templates = Templates::default();
    let templates = &templates;
    let bytes = std::thread::scope(|scope| {
        let share = |thread: usize| {
            move || {
                (thread..count)
                    .step_by(threads)
                    .map(|number| render(&format!("line{number}"), templates))
                    .sum()
            }
        };
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(share(thread))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(0usize)).sum()
    });
    (began.elapsed(), bytes)
}

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let counts = if asked.is_empty() { vec![1, 10, 100, 1000, 4000] } else { asked };
    let mut out = std::io::stdout().lock();
    for count in counts {
        let best = (0..ROUNDS).map(|_| releases(count)).min().unwrap_or_default();
        let each = best.0.as_secs_f64() * 1000.0 / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        // A closed pipe takes no more lines: nothing to do about it.
        let _ = writeln!(
            out,
            "{count:>6} releases  {:>9.1} ms  {each:>7.3} ms each  {} bytes each",
            best.0.as_secs_f64() * 1000.0,
            best.1 / count.max(1)
        );
    }
}
