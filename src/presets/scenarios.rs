//! Values files to start from. To add one: a file in `examples/init/` of at most 40 lines, and a row here.

/// A values file to start from.
#[derive(Debug)]
pub struct Scenario {
    pub name: &'static str,
    /// The file, with comments.
    pub text: &'static str,
}

/// From the smallest to the largest.
pub const SCENARIOS: [Scenario; 6] = [
    Scenario { name: "dev-minimal", text: include_str!("../../examples/init/dev-minimal.yaml") },
    Scenario { name: "edge-gateway", text: include_str!("../../examples/init/edge-gateway.yaml") },
    Scenario {
        name: "factory-monitoring",
        text: include_str!("../../examples/init/factory-monitoring.yaml"),
    },
    Scenario { name: "compliance", text: include_str!("../../examples/init/compliance.yaml") },
    Scenario { name: "ha-production", text: include_str!("../../examples/init/ha-production.yaml") },
    Scenario { name: "data-warehouse", text: include_str!("../../examples/init/data-warehouse.yaml") },
];

impl Scenario {
    pub fn find(name: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    /// What it is for: the first comment after those for editors.
    pub fn description(&self) -> &'static str {
        let after = self.text.lines().skip_while(|line| *line != "#").nth(1);
        after.unwrap_or_default().trim_start_matches('#').trim()
    }
}

#[cfg(test)]
mod tests {
    use super::SCENARIOS;

    #[test]
    fn the_table_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/init");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let mut table: Vec<_> = SCENARIOS.iter().map(|scenario| format!("{}.yaml", scenario.name)).collect();
        table.sort();
        assert_eq!(table, files);
    }

    #[test]
    fn each_begins_with_the_schema_for_editors_and_says_what_it_is_for() {
        for scenario in &SCENARIOS {
            let first = scenario.text.lines().next();
            assert_eq!(
                first,
                Some("# yaml-language-server: $schema=values.schema.json"),
                "{}",
                scenario.name
            );
            assert!(scenario.description().ends_with('.'), "{}: {}", scenario.name, scenario.description());
            assert!(scenario.text.lines().count() <= 40, "{}", scenario.name);
        }
    }
}
