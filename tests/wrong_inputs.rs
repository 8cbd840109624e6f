//! The folder of wrong inputs (`tests/cases/validate`) is as wide as it should be: every rule is shown to find what it is
//! for, and to leave alone what is nearly that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pgpod::diagnostics::codes;
use pgpod::postgres::{Major, parameters};

use crate::support::Pgpod;

/// The codes that a case's whole expected report has.
fn codes_of(case: &Path) -> BTreeSet<String> {
    let text = ["stdout", "stderr"].map(|name| std::fs::read_to_string(case.join(name)).unwrap_or_default());
    let words = text.iter().flat_map(|text| text.split("[PG").skip(1));
    words.filter_map(|rest| rest.split_once("]: ")).map(|(digits, _)| format!("PG{digits}")).collect()
}

/// Every case folder, by `command/name`.
fn cases() -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let below = |folder: &Path| {
        let entries = std::fs::read_dir(folder).expect("the folder is readable");
        entries
            .map(|entry| entry.expect("the folder is readable").path())
            .filter(|path| path.is_dir())
            .collect::<Vec<_>>()
    };
    let all = below(&root).into_iter().flat_map(|command| below(&command));
    all.map(|case| (case.strip_prefix(&root).expect("it is below").display().to_string(), case)).collect()
}

#[test]
fn there_are_many_wrong_inputs_and_few_are_about_the_schema() {
    let mut by_level: BTreeMap<String, usize> = BTreeMap::new();
    for (_, case) in cases().into_iter().filter(|(name, _)| name.starts_with("validate/")) {
        let codes = codes_of(&case);
        if codes.is_empty() {
            continue;
        }
        // One of several levels shows more than a mistake of the schema.
        let levels: BTreeSet<&str> = codes.iter().map(|code| &code[..4]).collect();
        let level = if levels.len() > 1 { "several" } else { levels.first().copied().unwrap_or_default() };
        *by_level.entry(level.to_owned()).or_default() += 1;
    }
    let all: usize = by_level.values().sum();
    assert!(all >= 120, "{all}: {by_level:?}");
    assert!(by_level.get("PG01").is_none_or(|schema| *schema <= 30), "{by_level:?}");
}

/// Rule, and cases that are nearly what it finds and are fine.
const NEAR_MISSES: [(&str, &[&str]); 50] = [
    ("PG0201", &["passwords_from_files_are_fine"]),
    ("PG0202", &["secret_of_ones_own_is_fine"]),
    ("PG0203", &["extra_container_on_a_port_of_its_own_is_fine", "exporter_port_is_fine"]),
    ("PG0204", &["server_as_its_images_user_is_fine"]),
    ("PG0205", &["names_that_are_nearly_the_pods_are_fine"]),
    ("PG0206", &["names_that_are_nearly_the_pods_are_fine"]),
    ("PG0207", &["request_of_the_whole_limit_is_fine"]),
    ("PG0208", &["major_before_its_end_is_fine"]),
    ("PG0209", &["service_account_of_others_is_fine", "wal_size_as_the_default_says_is_fine"]),
    ("PG0210", &["source_range_of_one_address_is_fine"]),
    ("PG0211", &["image_with_a_digest_alone_is_fine", "image_of_your_own_is_fine"]),
    ("PG0212", &["image_for_arm64_is_fine"]),
    ("PG0213", &["libraries_of_the_image_are_fine", "extension_of_an_older_major_is_fine"]),
    ("PG0220", &["database_named_nearly_like_a_template_is_fine"]),
    ("PG0221", &["database_of_another_case_is_fine"]),
    ("PG0222", &["schema_and_owner_of_ones_own_are_fine"]),
    ("PG0223", &["schema_and_owner_of_ones_own_are_fine"]),
    ("PG0224", &["encoding_and_locale_are_fine", "encoding_of_a_locale_without_one_is_fine"]),
    ("PG0225", &["script_of_one_name_in_two_databases_is_fine"]),
    ("PG0226", &["script_of_one_name_in_two_databases_is_fine"]),
    ("PG0227", &["role_of_an_odd_name_is_fine"]),
    ("PG0228", &["role_of_another_case_is_fine"]),
    ("PG0230", &["budget_with_more_memory_is_fine"]),
    ("PG0231", &["shared_memory_of_the_whole_limit_is_fine"]),
    ("PG0232", &["annotation_beside_passwords_is_fine"]),
    ("PG0233", &["label_of_ones_own_is_fine"]),
    ("PG0234", &["passwords_from_files_are_fine"]),
    ("PG0235", &["passwords_from_files_are_fine"]),
    ("PG0236", &["token_from_a_secret_is_fine"]),
    ("PG0237", &["memory_in_decimal_units_is_fine", "cpus_in_thousandths_are_fine"]),
    ("PG0238", &["wal_within_its_volume_is_fine"]),
    ("PG0239", &["tag_of_a_minor_release_is_fine", "tag_of_your_own_counting_is_fine"]),
    ("PG0240", &["release_of_the_longest_name_is_fine"]),
    ("PG0241", &["node_selector_of_the_same_architecture_is_fine"]),
    ("PG0242", &["grace_period_of_half_a_minute_is_fine"]),
    ("PG0243", &["node_port_at_the_end_of_the_range_is_fine"]),
    ("PG0244", &["source_range_of_half_of_everybody_is_fine"]),
    ("PG0245", &["password_with_some_stars_is_fine"]),
    ("PG0250", &["servers_two_that_do_not_wait_are_fine"]),
    ("PG0251", &["servers_with_one_to_spare_are_fine"]),
    ("PG0252", &["servers_with_one_to_spare_are_fine"]),
    ("PG0253", &["servers_with_one_to_spare_are_fine"]),
    ("PG0254", &["servers_two_that_do_not_wait_are_fine"]),
    ("PG0255", &["one_server_on_an_old_claim_is_fine"]),
    ("PG0256", &["one_server_without_a_volume_is_fine"]),
    ("PG0257", &["servers_with_one_to_spare_are_fine", "one_server_without_a_volume_is_fine"]),
    ("PG0258", &["servers_with_one_to_spare_are_fine"]),
    ("PG0259", &["servers_with_one_to_spare_are_fine", "one_server_on_an_old_claim_is_fine"]),
    ("PG0308", &["limits_that_are_just_kept_are_fine"]),
    ("PG0321", &["hba_narrow_before_wide_is_fine", "hba_rejects_a_network_is_fine"]),
];

#[test]
fn each_rule_has_two_inputs_that_it_finds_and_one_that_it_leaves_alone() {
    let cases = cases();
    let found: Vec<BTreeSet<String>> = cases.values().map(|case| codes_of(case)).collect();
    let rules = codes::all().map(pgpod::diagnostics::Code::id).filter(|id| id.starts_with("PG02"));
    let mut lacking = Vec::new();
    for rule in rules {
        let failing = found.iter().filter(|codes| codes.contains(rule)).count();
        if failing < 2 {
            lacking.push(format!("{rule}: {failing} inputs that it finds"));
        }
        if !NEAR_MISSES.iter().any(|(code, _)| *code == rule) {
            lacking.push(format!("{rule}: no near miss"));
        }
    }
    assert_eq!(lacking, Vec::<String>::new());
    for name in NEAR_MISSES.iter().flat_map(|(_, names)| names.iter()) {
        let case =
            cases.get(&format!("validate/{name}")).unwrap_or_else(|| panic!("there is no case {name}"));
        let said = std::fs::read_to_string(case.join("stdout")).unwrap_or_default();
        assert!(said.starts_with("nothing is wrong with "), "{name}: {said}");
    }
}

/// A text with every parameter in capitals, where it stands as a key.
fn shouted(text: &str) -> String {
    let mut shouted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_lowercase()) {
        let word = &rest[start..];
        let word = &word[..word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len())];
        let (before, after) = (&rest[..start], &rest[start + word.len()..]);
        // Keys of pgpod's own have no such sign in them.
        let is_key = word.contains('_') && after.starts_with([':', '=']) && !before.ends_with('=');
        shouted.push_str(before);
        shouted.push_str(&if is_key && parameters::find(Major::V17, word).is_some() {
            word.to_ascii_uppercase()
        } else {
            word.to_owned()
        });
        rest = after;
    }
    shouted + rest
}

/// PostgreSQL takes the name of a parameter in any case, and so does every rule about one.
#[test]
fn the_case_of_a_parameters_name_changes_no_finding() {
    let mut tried = 0;
    for (name, case) in cases().into_iter().filter(|(name, _)| name.starts_with("validate/")) {
        let args = std::fs::read_to_string(case.join("args")).unwrap_or_default();
        let values = std::fs::read_to_string(case.join("values.yaml")).unwrap_or_default();
        let other_files = ["manifests", "each"].iter().any(|word| args.contains(word));
        if other_files || (shouted(&args) == args && shouted(&values) == values) {
            continue;
        }
        tried += 1;
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        std::fs::write(folder.path().join("values.yaml"), shouted(&values)).expect("it is writable");
        let args = shouted(&args);
        let ran = Pgpod::new(args.lines().filter(|line| !line.is_empty())).current_dir(folder.path()).run();
        let expected = std::fs::read_to_string(case.join("stdout")).unwrap_or_default();
        // A title says the key as it is written.
        assert_eq!(ran.stdout.to_lowercase(), expected.to_lowercase(), "{name}");
    }
    assert!(tried > 30, "{tried}");
}
