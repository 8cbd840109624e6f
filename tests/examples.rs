//! Every file of `examples/` is what its user would want it to be: it renders without a word, by the commands that its
//! own comments name, and Kubernetes knows every field of it.

use std::path::{Path, PathBuf};

use crate::support::{Pgpod, kubernetes_validate, pgpod};

const VERSIONS: &[&str] = &["1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of `examples/`, sorted.
pub(crate) fn examples() -> Vec<PathBuf> {
    let files = in_folder("examples");
    assert!(files.len() >= 4, "{files:?}");
    files
}

/// The same, and those that `pgpod init` writes.
pub(crate) fn values_files() -> Vec<PathBuf> {
    examples().into_iter().chain(in_folder("examples/init")).collect()
}

fn in_folder(name: &str) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join(name)).expect("the folder is there");
    let mut files: Vec<_> = folder.map(|file| file.expect("the folder is readable").path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

#[test]
fn every_example_renders_in_silence_and_fits_every_kubernetes() {
    let mut manifests = String::new();
    for file in values_files() {
        let release = file.file_stem().expect("a file has a name");
        let ran = pgpod(["render".as_ref(), release, "-f".as_ref(), file.as_os_str()]);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", 0), "{}", file.display());
        manifests.push_str(&ran.stdout);
    }
    // All at once: the schemas take longer to load than to use.
    let Some(found) = kubernetes_validate(VERSIONS, &manifests) else { return };
    assert_eq!(found, [""; 0]);
}

#[test]
fn the_commands_in_an_example_run() {
    for file in examples() {
        let text = std::fs::read_to_string(&file).expect("an example is readable");
        let commands: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim_start_matches("# ").trim().strip_prefix("pgpod "))
            .collect();
        let name = format!("-f examples/{}", file.file_name().expect("it is a file").display());
        assert!(commands.iter().any(|command| command.contains(&name)), "{name} in {commands:?}");
        for command in commands {
            let own = command.split(" | ").next().unwrap_or_default();
            let ran = Pgpod::new(own.split(' ')).current_dir(root()).run();
            assert_eq!((ran.stderr.as_str(), ran.status), ("", 0), "{command}");
        }
    }
}

#[test]
fn an_example_says_first_what_it_is_for() {
    for file in examples() {
        let text = std::fs::read_to_string(&file).expect("an example is readable");
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("# ") && first.ends_with('.') && first.len() <= 110, "{first}");
    }
}
