//! A folder that pgpod writes into again and again: its own files are replaced, other people's are never touched.
//!
//! What pgpod wrote stands in `.pgpod-files`: checksum, owner and name of each file. A file is pgpod's own as long as
//! it has one of the checksums recorded for it. Everything is prepared before the first file appears under its name;
//! before that, the index lists old and new checksums, so that a run that was killed half-way can be run again.
#![expect(clippy::disallowed_methods, reason = "this is the room that writes files")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use sha2::{Digest as _, Sha256};

/// A file to write.
pub(super) struct File {
    /// Its path in the folder.
    pub(super) name: String,
    pub(super) text: String,
    /// Only its owner may read it.
    pub(super) private: bool,
}

const INDEX: &str = ".pgpod-files";
const INDEX_HEAD: &str =
    "# Written by pgpod, which tells its own files from others by this list. Don't edit it.\n";

/// Makes the files of `owner` in a folder exactly these. Files of other owners stay; where a file that pgpod did not
/// write, or that was changed since, is in the way, nothing is written at all.
pub(super) fn replace(folder: &Path, owner: &str, files: &[File]) -> anyhow::Result<()> {
    let shown = folder.display();
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{shown}`"))?;
    let handle = fs::File::open(folder).with_context(|| format!("cannot open the folder `{shown}`"))?;
    match handle.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            bail!("another pgpod is writing into `{shown}`; run this again when it is done")
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("cannot lock the folder `{shown}`"));
        }
    }
    let before = Index::read(folder)?;
    let stale = before.stale(owner, files);
    refuse_others(folder, owner, files, &stale, &before)?;

    let mut prepared = Prepared::new(folder)?;
    let mut renames = Vec::new();
    for file in
        files.iter().filter(|file| sum_of(&folder.join(&file.name)).ok().flatten() != Some(sum(&file.text)))
    {
        renames.push((prepared.write(&file.text, file.private)?, folder.join(&file.name)));
    }
    let after = before.replaced(owner, files);
    let both = prepared.write(&before.joined(&after).text(), false)?;
    let last = prepared.write(&after.text(), false)?;

    let index = folder.join(INDEX);
    let rename = |from: &Path, to: &Path| {
        fs::rename(from, to).with_context(|| format!("cannot write `{}`", to.display()))
    };
    rename(&both, &index)?;
    for (from, to) in &renames {
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot make the folder `{}`", parent.display()))?;
        }
        rename(from, to)?;
    }
    for name in &stale {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot delete `{}`", path.display()));
            }
            _ => {}
        }
    }
    rename(&last, &index)?;
    handle.sync_all().with_context(|| format!("cannot write the folder `{shown}`"))
}

/// Names every file that is in the way.
fn refuse_others(
    folder: &Path,
    owner: &str,
    files: &[File],
    stale: &[String],
    index: &Index,
) -> anyhow::Result<()> {
    let mut in_the_way = Vec::new();
    let wanted = files.iter().map(|file| (file.name.as_str(), Some(sum(&file.text))));
    for (name, new) in wanted.chain(stale.iter().map(|name| (name.as_str(), None))) {
        let path = folder.join(name);
        let found = match sum_of(&path) {
            Ok(None) => continue,
            Ok(Some(found)) => found,
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                in_the_way.push(format!("`{name}` is not a plain file"));
                continue;
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
        };
        let recorded: Vec<&Entry> = index.0.iter().filter(|entry| entry.name == name).collect();
        let others = recorded.iter().find(|entry| entry.owner != owner);
        if let Some(other) = others {
            in_the_way.push(format!("`{name}` belongs to `{}`", other.owner));
        } else if Some(&found) == new.as_ref() || recorded.iter().any(|entry| entry.sum == found) {
            // It is as pgpod wrote it, now or then.
        } else if recorded.is_empty() {
            in_the_way.push(format!("`{name}` was not written by pgpod"));
        } else if new.is_none() {
            in_the_way.push(format!("`{name}` is no longer rendered, and was changed since pgpod wrote it"));
        } else {
            in_the_way.push(format!("`{name}` was changed since pgpod wrote it"));
        }
    }
    if in_the_way.is_empty() {
        return Ok(());
    }
    Err(anyhow!(
        "nothing was written into `{}`: {}; move what is in the way, or choose another folder",
        folder.display(),
        in_the_way.join(", ")
    ))
}

/// The checksum of a file's text; none where there is no file.
fn sum_of(path: &Path) -> std::io::Result<Option<String>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(hex(&Sha256::digest(fs::read(path)?)))),
        Ok(_) => Err(ErrorKind::Unsupported.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn sum(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    name: String,
    owner: String,
    sum: String,
}

/// What pgpod wrote into a folder; a file can have two lines while it is being replaced.
struct Index(BTreeSet<Entry>);

impl Index {
    fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(INDEX);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self(BTreeSet::new())),
            Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
        };
        let entries = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let mut parts = line.splitn(3, "  ");
            let (sum, owner, name) = (parts.next()?, parts.next()?, parts.next()?);
            let inside = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
            inside.then(|| Entry { name: name.to_owned(), owner: owner.to_owned(), sum: sum.to_owned() })
        });
        let entries = entries.collect::<Option<_>>();
        entries.map(Self).with_context(|| {
            format!("`{}` is not as pgpod wrote it; restore it, or choose another folder", path.display())
        })
    }

    fn text(&self) -> String {
        self.0.iter().fold(INDEX_HEAD.to_owned(), |mut text, Entry { name, owner, sum }| {
            let _ = writeln!(text, "{sum}  {owner}  {name}");
            text
        })
    }

    /// Names of the owner's files that are not among the new ones.
    fn stale(&self, owner: &str, files: &[File]) -> Vec<String> {
        let own = self.0.iter().filter(|entry| entry.owner == owner).map(|entry| entry.name.as_str());
        let gone: BTreeSet<&str> = own.filter(|name| files.iter().all(|file| file.name != *name)).collect();
        gone.into_iter().map(str::to_owned).collect()
    }

    fn replaced(&self, owner: &str, files: &[File]) -> Self {
        let new = files.iter().map(|file| Entry {
            name: file.name.clone(),
            owner: owner.to_owned(),
            sum: sum(&file.text),
        });
        Self(self.0.iter().filter(|entry| entry.owner != owner).cloned().chain(new).collect())
    }

    fn joined(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }
}

/// Files under names of their own until they are renamed; what is left of them goes with the value.
struct Prepared<'a> {
    folder: &'a Path,
    written: Vec<PathBuf>,
}

impl<'a> Prepared<'a> {
    /// Clears what a killed run left; the folder is locked, so nobody else's run is under way.
    fn new(folder: &'a Path) -> anyhow::Result<Self> {
        let shown = folder.display();
        for entry in fs::read_dir(folder).with_context(|| format!("cannot read the folder `{shown}`"))? {
            let path = entry.with_context(|| format!("cannot read the folder `{shown}`"))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with(".pgpod-new-") {
                fs::remove_file(&path).with_context(|| format!("cannot delete `{}`", path.display()))?;
            }
        }
        Ok(Self { folder, written: Vec::new() })
    }

    fn write(&mut self, text: &str, private: bool) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(format!(".pgpod-new-{}", self.written.len()));
        let mode = if private { 0o600 } else { 0o666 };
        let written = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&path).and_then(
            |mut file| {
                self.written.push(path.clone());
                file.write_all(text.as_bytes())?;
                file.sync_all()
            },
        );
        written.with_context(|| format!("cannot write into `{}`", self.folder.display()))?;
        Ok(path)
    }
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        for path in &self.written {
            // Most were renamed; what can't be deleted is cleared by the next run.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests;
