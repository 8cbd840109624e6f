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
const NEAR_MISSES: &[(&str, &[&str])] = &[
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
    ("PG0214", &["registry_that_mirrors_others_is_fine"]),
    ("PG0220", &["database_named_nearly_like_a_template_is_fine"]),
    ("PG0221", &["database_of_another_case_is_fine"]),
    ("PG0222", &["schema_and_owner_of_ones_own_are_fine"]),
    ("PG0223", &["schema_and_owner_of_ones_own_are_fine"]),
    ("PG0224", &["encoding_and_locale_are_fine", "encoding_of_a_locale_without_one_is_fine"]),
    ("PG0225", &["script_of_one_name_in_two_databases_is_fine"]),
    ("PG0226", &["script_of_one_name_in_two_databases_is_fine"]),
    ("PG0227", &["role_of_an_odd_name_is_fine"]),
    ("PG0228", &["role_of_another_case_is_fine"]),
    ("PG0230", &["budget_with_more_memory_is_fine", "memory_of_a_small_volume_is_fine"]),
    ("PG0231", &["shared_memory_beside_the_server_is_fine"]),
    ("PG0232", &["annotation_beside_passwords_is_fine"]),
    ("PG0233", &["label_of_ones_own_is_fine"]),
    ("PG0234", &["passwords_from_files_are_fine", "secret_of_keys_of_their_own_is_fine"]),
    ("PG0235", &["passwords_from_files_are_fine"]),
    ("PG0236", &["token_from_a_secret_is_fine"]),
    ("PG0237", &["memory_in_decimal_units_is_fine", "cpus_in_thousandths_are_fine"]),
    ("PG0238", &["wal_within_its_volume_is_fine"]),
    ("PG0239", &["tag_of_a_minor_release_is_fine", "tag_of_your_own_counting_is_fine"]),
    ("PG0240", &["release_of_the_longest_name_is_fine"]),
    (
        "PG0241",
        &["node_selector_of_the_same_architecture_is_fine", "node_affinity_of_the_same_architecture_is_fine"],
    ),
    ("PG0242", &["grace_period_of_half_a_minute_is_fine"]),
    ("PG0243", &["node_port_at_the_end_of_the_range_is_fine"]),
    ("PG0244", &["source_range_of_half_of_everybody_is_fine"]),
    ("PG0245", &["password_with_some_stars_is_fine"]),
    ("PG0246", &["locales_of_the_image_are_fine", "locale_of_an_image_of_your_own_is_fine"]),
    (
        "PG0247",
        &[
            "locales_that_sort_by_bytes_everywhere_are_fine",
            "tag_with_a_digest_is_fine",
            "tag_with_its_base_is_fine",
        ],
    ),
    ("PG0250", &["servers_two_that_do_not_wait_are_fine"]),
    ("PG0251", &["servers_with_one_to_spare_are_fine"]),
    ("PG0252", &["servers_with_one_to_spare_are_fine"]),
    ("PG0253", &["servers_with_one_to_spare_are_fine"]),
    ("PG0254", &["servers_two_that_do_not_wait_are_fine"]),
    ("PG0255", &["one_server_on_an_old_claim_is_fine"]),
    ("PG0256", &["one_server_without_a_volume_is_fine"]),
    ("PG0257", &["servers_with_one_to_spare_are_fine", "one_server_without_a_volume_is_fine"]),
    ("PG0258", &["servers_with_one_to_spare_are_fine"]),
    ("PG0259", &["servers_with_one_to_spare_are_fine", "slots_without_limit_that_cannot_be_are_fine"]),
    ("PG0260", &["servers_on_nodes_of_several_names_are_fine", "servers_softly_on_one_node_are_fine"]),
    ("PG0307", &["log_folder_that_is_not_used_is_fine", "parameters_of_archiving_are_fine"]),
    ("PG0308", &["limits_that_are_just_kept_are_fine"]),
    (
        "PG0321",
        &[
            "hba_in_clear_on_purpose_is_fine",
            "hba_names_in_quotes_are_fine",
            "hba_narrow_before_wide_is_fine",
            "hba_rejects_a_network_is_fine",
            "hba_rejects_ipv6_is_fine",
            "hba_rejects_other_standbys_is_fine",
            "hba_rejects_replication_on_one_server_is_fine",
        ],
    ),
    ("PG0331", &["script_without_a_transaction_is_fine"]),
    ("PG0332", &["script_that_can_run_again_is_fine"]),
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

/// A rule that a person on call would thank us for.
enum Asked {
    /// Cases that it finds, and cases that are nearly the same and right; below `validate/`, but for one with a `/`.
    Here(&'static [&'static str], &'static [&'static str]),
    /// It comes with this key of the values.
    With(&'static str),
}
use Asked::{Here, With};

const ASKED_FOR: &[(&str, Asked)] = &[
    (
        "memory budget against the limit",
        Here(&["budget_of_connections", "budget_that_is_tight"], &["budget_with_more_memory_is_fine"]),
    ),
    (
        "shared memory within it",
        Here(
            &["shared_memory_over_the_limit", "shared_memory_of_the_whole_limit"],
            &["shared_memory_beside_the_server_is_fine"],
        ),
    ),
    ("connections with the pools of PgBouncer", With("pgbouncer")),
    (
        "WAL volume against what is kept",
        Here(
            &[
                "wal_larger_than_its_volume",
                "wal_kept_for_slots_fills_its_volume",
                "slots_without_limit_on_one_server",
            ],
            &["wal_within_its_volume_is_fine", "slots_without_limit_that_cannot_be_are_fine"],
        ),
    ),
    (
        "synchronous commits against replicas",
        Here(
            &["servers_commits_wait_for_more", "servers_loss_of_one_of_three_stops_writes"],
            &["servers_with_one_to_spare_are_fine"],
        ),
    ),
    (
        "preloaded libraries against extensions and image",
        Here(
            &["library_that_the_image_lacks", "library_of_an_image_of_your_own"],
            &["libraries_of_the_image_are_fine", "library_that_an_image_of_your_own_states_is_fine"],
        ),
    ),
    (
        "extension against image and major",
        Here(
            &["extension_of_another_image", "extension_that_left_with_a_major"],
            &["extension_of_an_older_major_is_fine"],
        ),
    ),
    (
        "extension against architecture",
        Here(
            &["image_for_arm64_without_one", "node_selector_of_arm64_for_postgis"],
            &["image_for_arm64_is_fine", "node_selector_of_the_same_architecture_is_fine"],
        ),
    ),
    (
        "the image's user",
        Here(
            &["server_as_the_exporters_user", "user_of_the_exporter_by_a_flag"],
            &["server_as_its_images_user_is_fine"],
        ),
    ),
    (
        "collations when the image's family changes",
        Here(
            &["locale_that_the_image_lacks", "locale_that_sorts_by_bytes", "tag_without_its_base"],
            &["locales_of_the_image_are_fine", "tag_with_its_base_is_fine"],
        ),
    ),
    ("backup retention against volume", With("backup")),
    ("cron expressions and time zones", With("backup")),
    (
        "storage sizes",
        Here(
            &["size_without_a_unit", "wal_volume_too_small_for_any_log"],
            &["wal_size_as_the_default_says_is_fine"],
        ),
    ),
    (
        "storage classes",
        Here(
            &["claim_and_class_without_persistence", "global_class_that_no_claim_takes"],
            &["global_class_that_the_wal_takes_is_fine"],
        ),
    ),
    (
        "networks with host bits",
        Here(&["source_range_with_host_bits", "hba_host_bits"], &["source_range_of_one_address_is_fine"]),
    ),
    (
        "access rules that can never match",
        Here(
            &[
                "hba_shadowed_by_a_wider_network",
                "hba_names_that_are_misspelt",
                "hba_replication_for_the_application",
            ],
            &["hba_narrow_before_wide_is_fine", "hba_names_made_elsewhere_are_fine"],
        ),
    ),
    (
        "access rules that let anyone in",
        Here(
            &["hba_trust_from_the_network", "hba_superuser_by_all"],
            &["hba_all_after_the_superuser_is_refused_is_fine", "hba_rejects_a_network_is_fine"],
        ),
    ),
    (
        "TLS without a certificate",
        Here(
            &["certificate_under_another_name", "certificate_without_its_keys", "hba_ssl_without_tls"],
            &["certificate_of_a_chain_is_fine", "certificate_made_elsewhere_is_fine"],
        ),
    ),
    (
        "a NetworkPolicy that shuts out its own exporter",
        Here(
            &[
                "network_policy_without_the_exporter",
                "network_policy_between_the_servers",
                "network_policies_that_let_nobody_in",
            ],
            &[
                "network_policies_that_let_in_are_fine",
                "network_policies_of_other_pods_are_fine",
                "network_policy_from_everybody_is_fine",
                "network_policy_beside_one_of_another_kind_is_fine",
                "network_policy_of_addresses_is_fine",
            ],
        ),
    ),
    (
        "a PodDisruptionBudget that blocks drains",
        Here(
            &["budget_patched_against_drains", "budgets_against_drains"],
            &["budgets_that_let_drain_are_fine"],
        ),
    ),
    (
        "passwords that are weak or kept in clear",
        Here(
            &["passwords_of_patterns", "passwords_that_everybody_tries", "passwords_in_a_values_file"],
            &["passwords_from_files_are_fine"],
        ),
    ),
    (
        "majors past their end",
        Here(
            &["major_past_its_end", "major_past_its_end_with_a_newer_parameter"],
            &["major_before_its_end_is_fine"],
        ),
    ),
    (
        "names over 63 characters, and ports that clash",
        Here(
            &[
                "release_of_64_letters",
                "render/release_too_long",
                "exporter_on_the_servers_port",
                "extra_containers_on_one_port",
            ],
            &["release_of_the_longest_name_is_fine", "extra_container_on_a_port_of_its_own_is_fine"],
        ),
    ),
    ("settings that compliance modes need", With("compliance")),
];

#[test]
fn each_rule_that_was_asked_for_is_there_or_comes_with_its_key() {
    let cases = cases();
    let case = |name: &str| {
        let name = if name.contains('/') { name.to_owned() } else { format!("validate/{name}") };
        cases.get(&name).unwrap_or_else(|| panic!("there is no case {name}"))
    };
    let schema = pgpod::config::json_schema();
    for (rule, asked) in ASKED_FOR {
        match asked {
            Here(wrong, right) => {
                let failing = wrong.iter().filter(|name| !codes_of(case(name)).is_empty()).count();
                assert!(failing >= 2 && failing == wrong.len() && !right.is_empty(), "{rule}");
                for name in *right {
                    let said = std::fs::read_to_string(case(name).join("stdout")).unwrap_or_default();
                    assert!(said.starts_with("nothing is wrong with "), "{rule}: {name}: {said}");
                }
            }
            With(key) => assert!(schema["properties"].get(key).is_none(), "`{key}` is there without: {rule}"),
        }
    }
}
