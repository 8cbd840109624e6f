//! Presets that are written: the built-in ones are the generator's own words, and what is written can be used.

use std::path::Path;

use pgpod::config::{Disk, Spread, Workload};
use pgpod::diagnostics::{Diagnostics, Sources};
use pgpod::presets::Hardware;
use pgpod::quantity::Quantity;
use pgpod::values::{PRESETS, PresetChoice};
use proptest::prelude::*;

use crate::support::pgpod;

/// The numbers of a preset's text.
fn read(text: &str) -> Hardware {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let choice = PresetChoice::File { name: "preset".to_owned(), text: text.to_owned() };
    let no_file = |_: &str| Err(String::new());
    let loaded = pgpod::pipeline::load(Some(choice), Vec::new(), &no_file, &mut sources, &mut found);
    assert!(found.is_empty(), "{}", pgpod::diagnostics::report(&found, &sources, false));
    let config = loaded.expect("it loads").config;
    let quantity = |text: &str| Quantity::parse(text).expect("it is a quantity");
    let bytes = |text: &str| u64::try_from(quantity(text).units()).expect("it is positive");
    let millis = |text: &str| u64::try_from(quantity(text).millis()).expect("it is positive");
    let resources = &config.resources;
    Hardware {
        cpu_millis: millis(resources.limits.cpu.as_str()),
        cpu_request_millis: millis(resources.requests.cpu.as_str()),
        memory_bytes: bytes(resources.limits.memory.as_str()),
        memory_request_bytes: bytes(resources.requests.memory.as_str()),
        storage_bytes: bytes(config.persistence.size.as_str()),
        connections: config.postgresql.max_connections,
        replicas: config.high_availability.replicas,
        workload: config.postgresql.workload,
        disk: config.persistence.disk,
        soft_spread: config.high_availability.spread == Some(Spread::Soft),
    }
}

#[test]
fn the_built_in_presets_are_what_the_generator_writes_for_their_shapes() {
    for preset in &PRESETS {
        let title = preset.text.lines().next().unwrap_or_default();
        let use_for =
            title.strip_prefix("# For ").and_then(|rest| rest.rsplit_once(": ")).map(|(text, _)| text);
        assert_eq!(read(preset.text).preset(use_for), preset.text, "{}", preset.name);
    }
}

/// What the words of a command line lead to, as a shell splits them.
fn in_a_shell(words: &str) -> String {
    let line = format!("'{}' {words}", env!("CARGO_BIN_EXE_pgpod"));
    let ran = std::process::Command::new("sh").args(["-c", &line]).output().expect("there is a shell");
    assert!(
        ran.status.success() && ran.stderr.is_empty(),
        "{words}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8(ran.stdout).expect("it is text")
}

#[test]
fn what_a_preset_is_for_comes_back_from_a_shell_as_it_was() {
    let preset = Hardware::new(4 << 30, 2000, Workload::Mixed).preset(Some("line 4's \"$HOME\" `id`"));
    let command =
        preset.lines().find_map(|line| line.strip_prefix("#   pgpod ")).expect("it has its command");
    assert_eq!(in_a_shell(command), preset);
}

#[test]
fn the_command_in_a_preset_writes_the_preset() {
    for preset in &PRESETS {
        let mut lines = preset.text.lines();
        let command = lines.find_map(|line| line.strip_prefix("#   pgpod ")).expect("it has its command");
        assert_eq!(in_a_shell(command), preset.text, "{command}");
    }
}

#[test]
fn a_generated_preset_renders_what_a_built_in_one_renders() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let file = folder.path().join("small.yaml");
    let small = PRESETS.iter().find(|preset| preset.name == "small").expect("it is built in");
    std::fs::write(&file, small.text).expect("it is writable");
    let from = |preset: &Path| pgpod(["render", "demo", "--preset", &preset.display().to_string()]).ok();
    assert_eq!(from(&file), from(Path::new("small")));
}

#[test]
fn this_machine_gives_a_preset_that_can_be_used() {
    if !Path::new("/proc/meminfo").exists() {
        return;
    }
    let hardware = read(&pgpod(["preset", "generate", "--from-here"]).ok());
    assert!(hardware.memory_bytes.is_multiple_of(64 << 20) && hardware.cpu_millis >= 1000, "{hardware:?}");
    assert_eq!(hardware.connections, Hardware::new(hardware.memory_bytes, 1000, Workload::Mixed).connections);
}

fn any_hardware() -> impl Strategy<Value = Hardware> {
    let sizes = (512u64..512 * 1024, 250u64..128_000, 1u64..4096);
    (sizes, 10u32..=5000, 2u32..=9, 0usize..5, 0usize..4).prop_map(
        |((mebibytes, cpu_millis, gibibytes), connections, replicas, workload, disk)| Hardware {
            storage_bytes: gibibytes << 30,
            connections,
            replicas,
            disk: Disk::ALL[disk],
            ..Hardware::new(mebibytes << 20, cpu_millis, Workload::ALL[workload])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same_numbers(hardware in any_hardware()) {
        prop_assert_eq!(read(&hardware.preset(Some("a line: \"quoted\""))), hardware);
    }

    #[test]
    fn neighbours_get_neighbouring_presets(hardware in any_hardware()) {
        let [one, next] = [0, 1 << 20].map(|more| {
            Hardware::new(hardware.memory_bytes + more, hardware.cpu_millis, hardware.workload)
        });
        prop_assert!(next.connections - one.connections <= 1);
        prop_assert!(next.storage_bytes - one.storage_bytes <= 1 << 30);
        prop_assert!(next.replicas - one.replicas <= 1);
    }
}
