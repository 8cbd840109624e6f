use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), text: text.to_owned(), private: false }
}

/// Names and texts of what is in a folder, the index as `name:owner` of each line.
fn inside(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("inside").display().to_string();
            if name != INDEX {
                found.push((name, fs::read_to_string(path).expect("readable")));
            }
        }
    }
    found.sort();
    found
}

fn said(result: anyhow::Result<()>) -> String {
    result.map_or_else(|error| format!("{error:#}"), |()| "done".to_owned())
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn files_are_replaced_and_pruned_by_owner() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join("new/deep");
    let write = |owner: &str, files: &[File]| said(replace(&path, owner, files));
    assert_eq!(write("a/x", &[file("one", "1"), file("two", "2")]), "done");
    assert_eq!(write("b/x", &[file("sub/three", "3")]), "done");
    assert_eq!(write("a/x", &[file("one", "1"), file("four", "4")]), "done");
    assert_eq!(inside(&path), pairs(&[("four", "4"), ("one", "1"), ("sub/three", "3")]));
    assert_eq!(write("b/x", &[]), "done");
    assert_eq!(inside(&path), pairs(&[("four", "4"), ("one", "1")]));
    let index = fs::read_to_string(path.join(INDEX)).expect("readable");
    assert_eq!(index, format!("{INDEX_HEAD}{}  a/x  four\n{}  a/x  one\n", sum("4"), sum("1")));
}

#[test]
fn what_is_in_the_way_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path();
    let own = ["changed", "gone", "kept"].map(|name| file(name, "old"));
    assert_eq!(said(replace(path, "a/x", &own)), "done");
    assert_eq!(said(replace(path, "b/x", &[file("other", "text")])), "done");
    for (name, text) in [("changed", "by hand"), ("gone", "by hand"), ("foreign", "text")] {
        fs::write(path.join(name), text).expect("writable");
    }
    fs::create_dir(path.join("folder")).expect("writable");
    std::os::unix::fs::symlink("foreign", path.join("link")).expect("writable");
    let before = (inside(path), fs::read_to_string(path.join(INDEX)).expect("readable"));
    let new = ["changed", "kept", "foreign", "folder", "link", "other"].map(|name| file(name, "new"));
    assert_eq!(
        said(replace(path, "a/x", &new)),
        format!(
            "nothing was written into `{}`: `changed` was changed since pgpod wrote it, `foreign` was not written \
             by pgpod, `folder` is not a plain file, `link` is not a plain file, `other` belongs to `b/x`, `gone` \
             is no longer rendered, and was changed since pgpod wrote it; move what is in the way, or choose \
             another folder",
            path.display()
        )
    );
    assert_eq!((inside(path), fs::read_to_string(path.join(INDEX)).expect("readable")), before);
}

#[test]
fn a_run_that_was_killed_is_finished_by_the_next() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path();
    assert_eq!(said(replace(path, "a/x", &[file("one", "old"), file("two", "old")])), "done");
    // As after the second step: both lists joined, one file renamed, one still to be.
    let index = Index::read(path).expect("readable");
    let new = [file("one", "new"), file("two", "new")];
    fs::write(path.join(INDEX), index.joined(&index.replaced("a/x", &new)).text()).expect("writable");
    fs::write(path.join("one"), "new").expect("writable");
    fs::write(path.join(".pgpod-new-1"), "half").expect("writable");
    assert_eq!(said(replace(path, "a/x", &[file("two", "newer")])), "done");
    assert_eq!(inside(path), pairs(&[("two", "newer")]));
}

#[test]
fn an_index_that_leads_out_of_the_folder_is_refused() {
    let folder = tempfile::tempdir().expect("writable");
    for line in ["0  a/x  ../victim", "0  a/x  /victim", "0  a/x  a/../../victim", "0 victim"] {
        let index = folder.path().join(INDEX);
        fs::write(&index, format!("{line}\n")).expect("writable");
        let expected =
            format!("`{}` is not as pgpod wrote it; restore it, or choose another folder", index.display());
        assert_eq!(said(replace(folder.path(), "a/x", &[])), expected, "{line}");
    }
}

#[test]
fn only_one_run_writes_at_a_time_and_a_folder_must_be_one() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path();
    let lock = fs::File::open(path).expect("readable");
    lock.lock().expect("free");
    let expected =
        format!("another pgpod is writing into `{}`; run this again when it is done", path.display());
    assert_eq!(said(replace(path, "a/x", &[])), expected);
    drop(lock);
    fs::write(path.join("file"), "").expect("writable");
    let below = path.join("file");
    assert_eq!(
        said(replace(&below, "a/x", &[])),
        format!("cannot make the folder `{}`: File exists (os error 17)", below.display())
    );
}

#[test]
fn a_secret_is_for_its_owners_eyes_and_an_equal_file_is_left_alone() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path();
    let files = [File { private: true, ..file("secret", "s") }, file("plain", "p")];
    let state = || {
        ["secret", "plain"].map(|name| {
            let metadata = fs::metadata(path.join(name)).expect("there");
            (metadata.permissions().mode() & 0o777 == 0o600, metadata.modified().expect("known"))
        })
    };
    assert_eq!(said(replace(path, "a/x", &files)), "done");
    let before = state();
    assert!(before[0].0 && !before[1].0, "{before:?}");
    assert_eq!(said(replace(path, "a/x", &files)), "done");
    assert_eq!(state(), before);
}
