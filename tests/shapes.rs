//! Settings that are derived from shapes, from a gateway's to a large server's: within the ranges of every major, within
//! the memory or refused, and taken by real servers.

use pgpod::config::{Disk, Workload};
use pgpod::diagnostics::{Diagnostics, Sources, report};
use pgpod::pipeline;
use pgpod::postgres::budget::Verdict;
use pgpod::postgres::conf::conf_line;
use pgpod::postgres::extensions::EnabledExtensions;
use pgpod::postgres::{Major, parameters};
use pgpod::presets::Hardware;
use pgpod::quantity::Quantity;
use pgpod::release::Release;
use pgpod::rules::{self, By, Facts};
use pgpod::values::{FlagKind, Input, PresetChoice};

use crate::support::{TempCluster, postgres_c, server};

/// Memory, CPUs, connections, disk, workload, and whether the budget fits, is tight or is over.
const SHAPES: &[(&str, &str, u32, &str, &str, &str)] = &[
    ("512Mi", "250m", 10, "sd", "edge", "fits"),
    ("512Mi", "250m", 25, "sd", "edge", "fits"),
    ("512Mi", "500m", 50, "hdd", "mixed", "fits"),
    ("512Mi", "1", 100, "ssd", "oltp", "over"),
    ("768Mi", "500m", 60, "ssd", "edge", "fits"),
    ("1Gi", "500m", 100, "sd", "edge", "fits"),
    ("1Gi", "250m", 10, "ssd", "timeseries", "fits"),
    ("1Gi", "2", 170, "ssd", "oltp", "over"),
    ("1536Mi", "1", 100, "hdd", "mixed", "fits"),
    ("2Gi", "1", 200, "ssd", "oltp", "fits"),
    ("2Gi", "2", 50, "hdd", "warehouse", "fits"),
    ("2Gi", "2", 100, "ssd", "timeseries", "fits"),
    ("2Gi", "4", 500, "nvme", "oltp", "over"),
    ("3Gi", "2", 150, "sd", "edge", "fits"),
    ("4Gi", "2", 200, "ssd", "mixed", "fits"),
    ("4Gi", "2", 500, "ssd", "oltp", "fits"),
    ("4Gi", "4", 20, "hdd", "warehouse", "fits"),
    ("4Gi", "4", 1000, "ssd", "mixed", "over"),
    ("6Gi", "3", 300, "nvme", "timeseries", "fits"),
    ("8Gi", "4", 300, "ssd", "mixed", "fits"),
    ("8Gi", "4", 1000, "nvme", "oltp", "fits"),
    ("8Gi", "8", 30, "hdd", "warehouse", "fits"),
    ("12Gi", "6", 300, "ssd", "timeseries", "fits"),
    ("16Gi", "4", 500, "ssd", "mixed", "fits"),
    ("16Gi", "8", 2000, "nvme", "oltp", "fits"),
    ("16Gi", "2", 10, "hdd", "warehouse", "fits"),
    ("16Gi", "16", 5000, "ssd", "oltp", "over"),
    ("24Gi", "12", 400, "nvme", "timeseries", "fits"),
    ("32Gi", "8", 1000, "ssd", "mixed", "fits"),
    ("32Gi", "16", 60, "nvme", "warehouse", "fits"),
    ("30Gi", "32", 5000, "nvme", "oltp", "tight"),
    ("48Gi", "24", 800, "hdd", "timeseries", "fits"),
    ("64Gi", "16", 2000, "ssd", "mixed", "fits"),
    ("64Gi", "48", 100, "nvme", "warehouse", "fits"),
    ("96Gi", "32", 3000, "nvme", "oltp", "fits"),
    ("128Gi", "64", 500, "nvme", "timeseries", "fits"),
    ("128Gi", "16", 5000, "ssd", "mixed", "fits"),
    ("192Gi", "96", 40, "hdd", "warehouse", "fits"),
    ("256Gi", "64", 4000, "nvme", "oltp", "fits"),
    ("384Gi", "128", 1000, "nvme", "timeseries", "fits"),
    ("512Gi", "128", 5000, "nvme", "oltp", "fits"),
    ("512Gi", "128", 10, "hdd", "warehouse", "fits"),
];

/// The largest memory with which a test starts a server.
const LARGEST_START: u64 = 4 << 30;

fn hardware((memory, cpu, connections, disk, workload, _): &(&str, &str, u32, &str, &str, &str)) -> Hardware {
    let quantity = |text: &str| Quantity::parse(text).expect("it is a quantity");
    let memory = u64::try_from(quantity(memory).units()).expect("it is positive");
    let cpu = u64::try_from(quantity(cpu).millis()).expect("it is positive");
    let workload = Workload::ALL.into_iter().find(|known| known.as_str() == *workload).expect("it is known");
    let disk = Disk::ALL.into_iter().find(|known| known.as_str() == *disk).expect("it is known");
    Hardware { connections: *connections, disk, ..Hardware::new(memory, cpu, workload) }
}

/// What the rules make of a generated preset on a major, and what they say.
fn judged(hardware: &Hardware, major: Major) -> (Facts, String) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let preset = PresetChoice::File { name: "preset".to_owned(), text: hardware.preset(None) };
    let version = Input::Flag { kind: FlagKind::Set, argument: format!("postgresql.version={major}") };
    let no_file = |_: &str| Err(String::new());
    let loaded = pipeline::load(Some(preset), vec![version], &no_file, &mut sources, &mut found);
    let loaded = loaded.unwrap_or_else(|| panic!("{}", report(&found, &sources, false)));
    let release = Release::new("demo", "plant7", false).expect("the names are valid");
    let facts = rules::judge(&loaded.config, &loaded.merged, &release, &sources, &mut found);
    let facts = facts.unwrap_or_else(|| panic!("{}", report(&found, &sources, false)));
    // That a major is near its end says nothing about the shape.
    let said = report(&found, &sources, false);
    let said: Vec<&str> = said.lines().filter(|line| line.contains("can come to need")).collect();
    (facts, said.join("\n"))
}

fn conf(facts: &Facts) -> String {
    let derived = facts.settings.iter().filter(|setting| matches!(setting.by, By::Derived(_)));
    derived.map(|setting| conf_line(&setting.name, &setting.value) + "\n").collect()
}

#[test]
fn derived_settings_are_good_on_every_major_and_fit_the_memory_or_are_refused() {
    for (row, major) in SHAPES.iter().flat_map(|row| Major::ALL.map(|major| (row, major))) {
        let (facts, said) = judged(&hardware(row), major);
        let verdict = match facts.budget.verdict() {
            Verdict::Fits => "fits",
            Verdict::Tight => "tight",
            Verdict::Over => "over",
        };
        assert_eq!(verdict, row.5, "{row:?} on {major}: {:#?}", facts.budget);
        let start = match verdict {
            "fits" => "",
            "tight" => "warning[",
            _ => "error[",
        };
        assert_eq!(said.is_empty(), start.is_empty(), "{row:?} on {major}: {said}");
        assert!(said.starts_with(start), "{row:?} on {major}: {said}");
        for setting in &facts.settings {
            if let By::Derived(_) = setting.by {
                let checked =
                    parameters::check(major, &setting.name, &setting.value, &EnabledExtensions::default());
                assert!(checked.is_ok(), "{row:?} on {major}: {setting:?} {checked:?}");
            }
        }
    }
}

#[test]
fn every_major_reads_the_settings_of_every_shape() {
    for major in Major::ALL {
        let Some(server) = server(u8::try_from(major.number()).expect("it is small")) else { return };
        for row in SHAPES {
            let conf = conf(&judged(&hardware(row), major).0);
            let accepted = postgres_c(&server, &conf, "max_connections");
            let accepted = accepted.as_deref().map(str::trim);
            assert_eq!(accepted, Ok(&*row.2.to_string()), "{row:?} on {major}:\n{conf}");
        }
    }
}

#[test]
fn servers_start_with_the_settings_of_small_shapes() {
    // The oldest and the newest: what lies between was read by the test above.
    for (odd, major) in [Major::V14, Major::V18].into_iter().enumerate() {
        let Some(server) = server(u8::try_from(major.number()).expect("it is small")) else { return };
        let mut cluster = TempCluster::initialised(server);
        let small =
            SHAPES.iter().filter(|row| row.5 == "fits" && hardware(row).memory_bytes <= LARGEST_START);
        for row in small.skip(odd).step_by(2) {
            let file = cluster.file("postgresql.conf", &conf(&judged(&hardware(row), major).0));
            cluster
                .start(&[("config_file", &file.display().to_string())])
                .unwrap_or_else(|log| panic!("{row:?} on {major}: {log}"));
            assert_eq!(
                cluster.psql("SHOW max_connections"),
                Ok(format!("{}\n", row.2)),
                "{row:?} on {major}"
            );
        }
    }
}
