//! `--with-postgres`: a real server judges what was rendered for it.
//!
//! It is asked three times. `-C` reads `postgresql.conf` as a start does. Since 15, `-C` of a parameter that is computed
//! also loads the libraries and compares parameters with each other. In single-user mode it reads `pg_hba.conf`. Nothing
//! listens, and no memory of the configuration's size is taken.

mod program;
mod rendered;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{anyhow, bail};

use self::program::{Folder, Program, ask};
use self::rendered::Rendered;
use self::words::Complaint;
use super::super::failure::Failure;
use crate::diagnostics::{Diagnostics, Place, Sources};
use crate::pipeline::{Loaded, Made};
use crate::secrets::certificate;

/// Servers to ask, and what was learnt while asking.
pub(super) struct Servers {
    programs: Vec<Program>,
    /// Whether the user named the one program.
    named: bool,
    /// The cluster of each major, made when it is first needed. One file is judged at a time: a cluster has one user.
    clusters: Mutex<BTreeMap<String, Folder>>,
    notes: Mutex<BTreeSet<String>>,
    /// Why no server could be asked, and about how many inputs.
    failures: Mutex<BTreeMap<String, usize>>,
}

impl Servers {
    /// The server at `path`; where that is empty, all that can be found.
    pub(super) fn find(path: &str) -> Self {
        let named = !path.is_empty();
        let mut failures = BTreeMap::new();
        let mut programs = Vec::new();
        if named {
            match Program::at(Path::new(path)) {
                Ok(program) => programs.push(program),
                Err(why) => {
                    failures.insert(format!("{why:#}"), 0);
                }
            }
        } else {
            programs = Program::all();
        }
        Self {
            programs,
            named,
            clusters: Mutex::default(),
            notes: Mutex::default(),
            failures: failures.into(),
        }
    }

    /// Why servers could not be asked, each reason once.
    pub(super) fn failure(&self) -> Option<Failure> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let each = failures.keys().map(|why| Failure::World(anyhow!("{why}")));
        Failure::together(each.collect())
    }

    /// About how many inputs no server could be asked.
    pub(super) fn unasked(&self) -> usize {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    /// What a server could not be asked, a line for each.
    pub(super) fn notes(&self) -> BTreeSet<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the server of a release's major about the files that were rendered for it. That none can be asked is kept, and
    /// all else goes on.
    pub(super) fn judge(&self, loaded: &Loaded, made: &Made, sources: &mut Sources, found: &mut Diagnostics) {
        if let Err(why) = self.try_judge(loaded, made, sources, found) {
            let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
            *failures.entry(format!("{why:#}")).or_default() += 1;
        }
    }

    fn try_judge(
        &self,
        loaded: &Loaded,
        made: &Made,
        sources: &mut Sources,
        found: &mut Diagnostics,
    ) -> anyhow::Result<()> {
        let files = made.config_files();
        let file = |name: &str| files.get(name).map_or("", String::as_str);
        let major = loaded.config.postgresql.version.as_str();
        let rendered =
            Rendered { loaded, made, conf: file("postgresql.conf"), hba: file("pg_hba.conf"), major };
        let program = self.program(major)?;

        let mut clusters = self.clusters.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = match clusters.entry(major.to_owned()) {
            std::collections::btree_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                let folder = Folder::new()?;
                program.initialise(&folder.path("data"))?;
                place.insert(folder)
            }
        };
        let asked = Asked { program, folder };
        let conf = folder.write("postgresql.conf", rendered.conf)?;
        let complaints = self.of_configuration(&asked, &conf, &rendered)?;
        let mut shown: Option<Place> = None;
        for complaint in complaints {
            let finding = rendered.of_parameter(&complaint, sources, &mut shown);
            found.push(finding);
        }
        let hba = folder.write("pg_hba.conf", rendered.hba)?;
        let ident = folder.write("pg_ident.conf", file("pg_ident.conf"))?;
        let mut shown: Option<Place> = None;
        for (line, message) in asked.rules(&hba, &ident, rendered.setting("oauth_validator_libraries"))? {
            if is_of_the_build(&message) {
                self.note(format!("this server can't judge a rule of `pg_hba.conf`: {message}"));
                continue;
            }
            found.push(rendered.of_rule(line, &message, sources, &mut shown));
        }
        Ok(())
    }

    fn note(&self, text: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).insert(text);
    }

    fn program(&self, major: &str) -> anyhow::Result<&Program> {
        if let Some(program) = self.programs.iter().find(|program| program.major == major) {
            return Ok(program);
        }
        let there: Vec<String> = self
            .programs
            .iter()
            .map(|program| format!("`{}` is {}", program.path.display(), program.major))
            .collect();
        match (self.named, there.as_slice()) {
            // Why what was named is no server is known since the start.
            (true, []) => {
                let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
                bail!("{}", failures.keys().next().map_or("there is no server", String::as_str))
            }
            (true, _) => bail!("the values are for PostgreSQL {major}, and {}", there.join(", ")),
            (false, []) => bail!(
                "no server of PostgreSQL is found by `pg_config`, on the PATH or in /usr/lib/postgresql; name one with \
                 `--with-postgres=/path/to/postgres`"
            ),
            (false, _) => bail!(
                "no server of PostgreSQL {major} is found ({}); name one with `--with-postgres=/path/to/postgres`",
                there.join(", ")
            ),
        }
    }

    /// What the server has against `postgresql.conf`.
    fn of_configuration(
        &self,
        asked: &Asked<'_>,
        conf: &Path,
        rendered: &Rendered<'_>,
    ) -> anyhow::Result<Vec<Complaint>> {
        // It tells all that is wrong with single settings in one run.
        let mut complaints = asked.parameter("max_connections", conf, None)?;
        let told = complaints.len();
        complaints.retain(|complaint| !is_of_the_build(&complaint.message));
        if complaints.len() < told {
            self.note(
                "this server is built without TLS, so that it judges each setting alone only".to_owned(),
            );
            return Ok(complaints);
        }
        // 14 computes no parameter before it starts.
        if complaints.iter().any(|complaint| !complaint.warning) || rendered.major == "14" {
            return Ok(complaints);
        }
        let tls = match rendered.setting("ssl") {
            Some("on") => Some(asked.certificate()?),
            _ => None,
        };
        let wanted = rendered.setting("shared_preload_libraries").unwrap_or_default();
        let mut libraries: Vec<&str> =
            wanted.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        loop {
            let started = Started { libraries: libraries.join(","), tls: tls.clone() };
            let complaints = asked.parameter("shared_memory_size", conf, Some(&started))?;
            let missing = complaints.iter().find_map(Complaint::missing_library);
            let Some(at) = missing.and_then(|name| libraries.iter().position(|library| *library == name))
            else {
                return Ok(complaints);
            };
            let library = libraries.remove(at);
            self.note(format!(
                "this server has no library `{library}`, so that it can't judge its parameters"
            ));
        }
    }
}

/// With what a server is asked as if it started.
struct Started {
    /// The libraries that it has.
    libraries: String,
    /// A certificate and its key; none for one without TLS.
    tls: Option<(PathBuf, PathBuf)>,
}

/// A server and the folder with its cluster.
struct Asked<'a> {
    program: &'a Program,
    folder: &'a Folder,
}

impl Asked<'_> {
    fn command(&self) -> Command {
        let mut command = self.program.command();
        command.current_dir(self.folder.path(""));
        command
    }

    /// A certificate for nothing else than to be asked with, and its key.
    fn certificate(&self) -> anyhow::Result<(PathBuf, PathBuf)> {
        let made = certificate("pgpod", vec!["localhost".to_owned()], crate::cli::secret::now()?, 1)?;
        let certificate = self.folder.write("tls.crt", &made.certificate)?;
        Ok((certificate, self.folder.write_private("tls.key", &made.private_key)?))
    }

    /// What the server says when it is asked for a parameter's value.
    fn parameter(
        &self,
        name: &str,
        conf: &Path,
        started: Option<&Started>,
    ) -> anyhow::Result<Vec<Complaint>> {
        let mut command = self.command();
        command.args(["-C", name, "-D"]).arg(self.folder.path("data"));
        let file = format!("config_file={}", conf.display());
        let mut settings: Vec<String> = vec![
            file,
            "log_line_prefix=".into(),
            "log_destination=stderr".into(),
            "log_min_messages=warning".into(),
        ];
        if let Some(Started { libraries, tls }) = started {
            settings.push(format!("shared_preload_libraries={libraries}"));
            // The release's certificate is in the cluster only, and so are the files that volumes bring.
            match tls {
                Some((certificate, key)) => settings.extend([
                    format!("ssl_cert_file={}", certificate.display()),
                    format!("ssl_key_file={}", key.display()),
                    "ssl_dh_params_file=".to_owned(),
                ]),
                None => settings.push("ssl=off".to_owned()),
            }
        }
        for setting in &settings {
            command.args(["-c", setting]);
        }
        let said = ask(&mut command, "")?;
        let complaints = words::complaints(&said.stderr);
        if said.good {
            return Ok(complaints.into_iter().filter(|complaint| complaint.warning).collect());
        }
        if complaints.is_empty() {
            bail!("`{}` ended without a word: {}", self.program.path.display(), said.stderr.trim());
        }
        Ok(complaints)
    }

    /// The lines of `pg_hba.conf` that the server can't read, and why.
    fn rules(
        &self,
        hba: &Path,
        ident: &Path,
        validators: Option<&str>,
    ) -> anyhow::Result<Vec<(usize, String)>> {
        const QUERY: &str = "select line_number, error from pg_hba_file_rules where error is not null\n";
        let mut command = self.command();
        command.arg("--single").arg("-D").arg(self.folder.path("data"));
        let file = |name: &str, path: &Path| format!("{name}={}", path.display());
        let validators = validators.map(|list| format!("oauth_validator_libraries={list}"));
        for setting in [file("hba_file", hba), file("ident_file", ident)].iter().chain(&validators) {
            command.args(["-c", setting]);
        }
        let said = ask(command.arg("postgres"), QUERY)?;
        if !said.good {
            let why = said.stderr.lines().last().unwrap_or_default();
            bail!("`{}` could not be asked about `pg_hba.conf`: {why}", self.program.path.display());
        }
        Ok(words::rows(&said.stdout)
            .into_iter()
            .filter_map(|(line, why)| Some((line.parse().ok()?, why)))
            .collect())
    }
}

/// Whether a server can't take a rule for what it was built without, or because it runs without TLS here.
fn is_of_the_build(message: &str) -> bool {
    message.contains("not supported by this build") || message.contains("record cannot match because")
}
