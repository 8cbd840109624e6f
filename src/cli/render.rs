//! `pgpod render`.

use std::path::PathBuf;

use glob::Pattern;

use crate::diagnostics::{Diagnostic, codes};
use crate::manifest;
use crate::pipeline::{self, Made};
use crate::release::{Release, kube_version};
use crate::render::Templates;

use super::failure::{Failure, tell};
use super::folders;
use super::input::{Layers, ReleaseArgs};
use super::output;
use super::values::Format;

/// Render the manifests of a release
///
/// The same input gives the same bytes, on any machine. Passwords are not in them unless the values hold them:
/// `pgpod secret` makes them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod render prod -n plant7 -f prod.yaml | kubectl apply -f -")]
pub(crate) struct Args {
    #[command(flatten)]
    release: ReleaseArgs,
    #[command(flatten)]
    layers: Layers,
    #[command(flatten)]
    templates: TemplateArgs,
    /// Write one file for each object into a folder; files of a former render of the release that are no longer rendered are
    /// deleted
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
    /// Only the objects of these templates, such as `kubernetes/service.yaml`; `*` stands for any text
    #[arg(long, value_name = "TEMPLATE", value_delimiter = ',', value_parser = pattern, conflicts_with = "output_dir")]
    show_only: Vec<Pattern>,
    /// The output's format
    #[arg(long, value_enum, default_value = "yaml")]
    format: Format,
    /// Render the namespace too, first, with its PodSecurity labels
    #[arg(long)]
    create_namespace: bool,
    /// Leave out claims, Secrets and the namespace, so that `kubectl delete` of the output keeps the data
    #[arg(long)]
    keep_data: bool,
    /// The version of Kubernetes that the objects are for
    #[arg(long, value_name = "VERSION", default_value = "1.33", value_parser = kube_version)]
    kube_version: u32,
}

/// A user's own templates.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct TemplateArgs {
    /// A folder of templates: one with the path of an embedded template replaces it, a new one adds to them
    #[arg(long = "templates", value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,
}

impl TemplateArgs {
    pub(super) fn read(&self) -> Result<Templates, Failure> {
        let mut templates = Templates::default();
        for folder in &self.folders {
            for (path, text) in folders::templates(folder)? {
                templates.insert(path, text);
            }
        }
        Ok(templates)
    }
}

/// Carries a release from its layers to its objects; warnings are told, errors end it.
pub(super) fn make(layers: &Layers, release: &Release, templates: &Templates) -> Result<Made, Failure> {
    let (loaded, mut sources, mut found) = layers.load_all()?;
    let made =
        loaded.and_then(|loaded| pipeline::make(&loaded, release, templates, &mut sources, &mut found));
    match made {
        Some(made) if !found.has_errors() => {
            tell(&found, &sources);
            Ok(made)
        }
        _ => Err(Failure::Input { found, sources }),
    }
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let release = Release { kube_version: args.kube_version, ..args.release.release(args.create_namespace)? };
    let templates = args.templates.read()?;
    let made = make(&args.layers, &release, &templates)?;
    let result = print(args, &release, &made);
    // The program ends: the system takes its memory back at once, piece by piece would take longer.
    std::mem::forget(made);
    result
}

fn print(args: &Args, release: &Release, made: &Made) -> Result<(), Failure> {
    let mut objects: Vec<&manifest::Object> = made.objects.iter().collect();
    if args.keep_data {
        objects
            .retain(|object| !matches!(&*object.id.kind, "PersistentVolumeClaim" | "Secret" | "Namespace"));
    }
    if !args.show_only.is_empty() {
        for pattern in &args.show_only {
            if !objects.iter().any(|object| shows(pattern, &object.template)) {
                return Err(nothing_to_show(pattern, &objects));
            }
        }
        objects.retain(|object| args.show_only.iter().any(|pattern| shows(pattern, &object.template)));
    }
    if let Some(folder) = &args.output_dir {
        return output::directory(folder, release, &objects, args.format == Format::Json);
    }
    match args.format {
        Format::Yaml => output::stdout(&manifest::to_stream(objects)),
        Format::Json => output::stdout(&manifest::to_json_list(objects)),
    }
}

fn nothing_to_show(pattern: &Pattern, objects: &[&manifest::Object]) -> Failure {
    let mut templates: Vec<String> =
        objects.iter().map(|object| format!("`{}`", short(&object.template))).collect();
    templates.sort();
    templates.dedup();
    Failure::input(
        Diagnostic::error(codes::SHOWS_NOTHING, format!("`--show-only {pattern}` shows nothing"))
            .cause(format!("the templates of this render are {}", templates.join(", ")))
            .help("name one of them; `*` stands for any text"),
    )
}

fn short(template: &str) -> &str {
    template.strip_prefix("templates/").unwrap_or(template)
}

/// A pattern of `--show-only`: a path, with or without `templates/`.
fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::new(short(text)).map_err(|error| format!("at character {}: {}", error.pos + 1, error.msg))
}

fn shows(pattern: &Pattern, template: &str) -> bool {
    pattern.matches(short(template))
}

#[cfg(test)]
mod tests {
    use super::{pattern, shows};

    #[test]
    fn show_only_takes_paths_with_stars() {
        for (text, shown) in [
            ("kubernetes/service.yaml", true),
            ("templates/kubernetes/service.yaml", true),
            ("*", true),
            ("*service*", true),
            ("kubernetes/*.yaml", true),
            ("kubernetes/*.yml", false),
            ("service.yaml", false),
            ("kubernetes/service", false),
        ] {
            let wanted = pattern(text).expect("it is one");
            assert_eq!(shows(&wanted, "templates/kubernetes/service.yaml"), shown, "{text}");
        }
    }
}
