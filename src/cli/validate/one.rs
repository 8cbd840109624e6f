//! One input and all that is found in it.

use crate::diagnostics::{Diagnostics, Place, SourceKind, Sources, codes};
use crate::manifest::{self, Demands, SecretReference};
use crate::pipeline::{self, Loaded};
use crate::plan;
use crate::release::Release;
use crate::render::Templates;

use super::super::failure::Failure;
use super::Args;
use super::server::Servers;

/// What was found, and the texts that it points into.
pub(super) struct Judged {
    pub(super) found: Diagnostics,
    pub(super) sources: Sources,
    /// How many objects were judged.
    pub(super) objects: usize,
    /// The Secret of the server's certificate, where nothing that was judged makes it.
    pub(super) certificate: Option<String>,
}

/// The name that stands for a release that nobody named: as long as most are.
const NAMELESS: &str = "release";

/// Judges values and all that they lead to.
pub(super) fn values(
    args: &Args,
    loaded: Result<(Option<Loaded>, Sources, Diagnostics), Failure>,
    templates: &Templates,
    servers: Option<&Servers>,
) -> Result<Judged, Failure> {
    let (loaded, mut sources, mut found) = match loaded {
        Ok(all) => all,
        Err(Failure::Input { found, sources }) => (None, sources, found),
        Err(failure) => return Err(failure),
    };
    // Kept apart: a wrong name is no reason not to render.
    let mut of_names = Diagnostics::new();
    let release = release(args, &mut sources, &mut of_names);
    let (mut objects, mut certificate) = (0, None);
    if let Some(loaded) = loaded
        && let Some(made) = pipeline::validate(&loaded, &release, templates, &mut sources, &mut found)
    {
        objects = made.objects.len();
        certificate = plan::certificate(&loaded.config, &release).filter(|name| {
            let wanted = SecretReference { namespace: &release.namespace, name };
            !made.objects.iter().any(|object| wanted.is_made_by(object))
        });
        if let Some(servers) = servers {
            servers.judge(&loaded, &made, &mut sources, &mut found);
        }
    }
    found.extend(of_names);
    if args.release.is_none() {
        let mut kept = Diagnostics::new();
        kept.extend(
            found
                .into_iter()
                .filter(|finding| ![codes::PATCH_TARGET, codes::NO_REFERENCE].contains(&finding.code)),
        );
        found = kept;
        certificate = None;
    }
    Ok(Judged { found, sources, objects, certificate })
}

/// The release of the command line; a finding where it cannot be one, and one that can in its place.
fn release(args: &Args, sources: &mut Sources, found: &mut Diagnostics) -> Release {
    let stand_in = |name: &str, namespace: &str| {
        Release::new(name, namespace, false).expect("the names that stand in are names")
    };
    let name = args.release.as_deref().unwrap_or(NAMELESS);
    let parts = [
        ("RELEASE", name, Release::new(name, "default", false)),
        ("--namespace", &args.namespace, Release::new(NAMELESS, &args.namespace, false)),
    ];
    let mut good = true;
    for (what, text, outcome) in parts {
        if let Err(mut finding) = outcome {
            good = false;
            let expanded = what == "RELEASE" && !args.each.is_empty() && text.contains(['.', '/']);
            if expanded {
                finding = finding
                    .help("quote the pattern of `--each`: the shell has put the files' names in its place");
            }
            // A path needs the sign, since the name of a release could stand in its place.
            let of_postgres =
                what == "RELEASE" && args.with_postgres.as_deref() == Some("") && text.contains('/');
            if of_postgres {
                finding = finding
                    .help(format!("if this is the server to ask, join it by `=`: `--with-postgres={text}`"));
            }
            let source = sources.add(what, SourceKind::Flag, text);
            found.push(finding.at(Place::new(source, 0, text.len()), ""));
        }
    }
    let release = if good { stand_in(name, &args.namespace) } else { stand_in(NAMELESS, "default") };
    Release { kube_version: args.kube_version, ..release }
}

/// Judges manifests, all of them together.
pub(super) fn manifests(texts: Vec<(String, String)>, kube_version: u32) -> Judged {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let mut objects = Vec::new();
    for (name, text) in texts {
        let kind = if name == "stdin" { SourceKind::Stdin } else { SourceKind::File };
        let source = sources.add(name, kind, text);
        objects.extend(manifest::read(source, &mut sources, &mut found));
    }
    let demands = Demands { version: kube_version, ..Demands::PART };
    manifest::check(&objects, &demands, &sources, &mut found);
    Judged { found, sources, objects: objects.len(), certificate: None }
}
