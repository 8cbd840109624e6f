//! The stages of a render in a row, from layers to objects. Every stage reports all that it finds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::config::{self, Config};
use crate::diagnostics::{Diagnostics, Place, STARS, SecretTexts, SourceKind, Sources, passwords_in};
use crate::manifest::{self, Demands, Entered, Object, Patch, Reference, SecretReference, Server, Whole};
use crate::plan::{self, Plan, Release, names};
use crate::render::{self, Templates};
use crate::rules::{self, Facts};
use crate::values::{self, Files, Input, Merged, PresetChoice};
use crate::yaml::{Node, ValuePath};

/// Merged and typed values.
#[derive(Debug)]
pub struct Loaded {
    pub merged: Merged,
    pub config: Config,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub path: String,
    /// As YAML on one line; a secret is not shown.
    pub value: String,
    pub layer: String,
    pub place: String,
}

/// What a render made.
#[derive(Debug)]
pub struct Made {
    pub facts: Facts,
    pub plan: Plan,
    pub documents: BTreeMap<String, String>,
    /// In the order in which they are applied.
    pub objects: Vec<Object>,
    secrets: SecretTexts,
}

/// Merges the layers and types them.
pub fn load(
    preset: Option<PresetChoice>,
    inputs: Vec<Input>,
    files: Files<'_>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Loaded> {
    let merged = values::load(preset, inputs, files, sources, found);
    hide_parts(sources);
    let Some(mut merged) = merged else {
        hide_unread(sources);
        return None;
    };
    // A password that a higher layer replaces is one all the same.
    for (path, node) in merged.written() {
        for (text, place) in config::secrets_below(path, node) {
            sources.hide(place);
            if !is_public(text) {
                sources.hide_text(text);
            }
        }
    }
    for place in manifest::secrets(&merged.root) {
        sources.hide(place);
    }
    let config = Config::from_merged(&mut merged, found)?;
    Some(Loaded { merged, config })
}

/// So many passwords within values are looked for in what reports say; those that say themselves that they are one are
/// found however many there are.
const MOST_PARTS: usize = 100;

/// Hides the passwords within values, such as those of URLs, wherever a report would say one.
fn hide_parts(sources: &mut Sources) {
    let own = |kind| matches!(kind, SourceKind::File | SourceKind::Stdin | SourceKind::Flag);
    let texts = sources.iter().map(|(_, source)| source).filter(|source| own(source.kind));
    let parts = texts
        .flat_map(|source| source.text.lines())
        .flat_map(|line| passwords_in(line).into_iter().map(|at| line[at].trim_end_matches([',', ']', '}'])));
    let different: BTreeSet<&str> = parts.collect();
    // Those that are public are few, and to find that out takes a while.
    let tried = different.into_iter().take(2 * MOST_PARTS);
    let parts: Vec<String> =
        tried.filter(|part| !is_public(part)).take(MOST_PARTS).map(str::to_owned).collect();
    for part in parts {
        sources.hide_part(&part);
    }
}

/// Hides the Secrets of texts of which at least one could not be read.
fn hide_unread(sources: &mut Sources) {
    let texts =
        sources.iter().filter(|(_, source)| matches!(source.kind, SourceKind::File | SourceKind::Stdin));
    let secrets = texts.flat_map(|(id, source)| {
        manifest::secrets_of_text(&source.text).into_iter().map(move |at| Place::new(id, at.start, at.end))
    });
    for place in secrets.collect::<Vec<_>>() {
        sources.hide(place);
    }
}

/// Whether a text is in what pgpod itself ships. As a password it is a bad one, and stars for it hide words that are
/// in every message.
pub fn is_public(text: &str) -> bool {
    values::DEFAULTS.contains(text) || render::TEMPLATES.iter().any(|template| template.text.contains(text))
}

/// Carries typed values to objects. Nothing is returned when a stage could not be finished.
pub fn make(
    loaded: &Loaded,
    release: &Release,
    templates: &Templates,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Made> {
    let facts = rules::judge(&loaded.config, &loaded.merged, release, sources, found)?;
    if found.has_errors() {
        return None;
    }
    let plan = Plan::new(&loaded.config, release, &facts, templates.scripts());
    let rendered = render::render(&plan, templates, sources, found);
    if found.has_errors() {
        // What is missing because of them would only be found again.
        return None;
    }
    let mut objects = manifest::parse(rendered.manifests, sources, found);
    let place = |path: &ValuePath| loaded.merged.locate(path).unwrap_or(loaded.merged.root.place);
    objects.extend(extra_objects(loaded, release, found));
    let patches: Vec<Patch> = loaded
        .config
        .patches
        .iter()
        .enumerate()
        .map(|(index, patch)| Patch {
            kind: patch.kind.as_str().to_owned(),
            name: patch.name.as_ref().map(|name| name.as_str().to_owned()),
            group: None,
            value: patch.patch.0.clone(),
            place: place(&ValuePath::root().child("patches").item(index)),
            written: loaded
                .merged
                .root
                .at(&ValuePath::root().child("patches").item(index).child("patch"))
                .cloned(),
        })
        .collect();
    manifest::apply_patches(&mut objects, &patches, found);
    let certificate = plan::certificate(&loaded.config, release);
    let demands = Demands {
        outside: &outside(&loaded.config, release),
        certificate: certificate
            .as_deref()
            .map(|name| SecretReference { namespace: &release.namespace, name }),
        server: Some(Server {
            namespace: &release.namespace,
            name: &release.name,
            replicas: plan.high_availability.as_ref().map_or(1, |ha| ha.replicas),
            memory: facts.budget.total,
        }),
        version: release.kube_version,
        whole: Whole::Release,
        // All that is rendered is: what comes in beside should not lower it.
        restricted: true,
    };
    manifest::check_entered(&objects, &demands, &|| entered(&loaded.merged, &patches), sources, found);
    for (text, place) in config::secrets(&loaded.merged.root) {
        let mut secret = SecretTexts::default();
        if !is_public(text) {
            secret.add(text);
        }
        found.extend(
            objects
                .iter()
                .filter_map(|object| manifest::leak(object, &secret))
                .map(|leak| leak.at(place, "")),
        );
    }
    manifest::sort(&mut objects);
    Some(Made {
        facts,
        plan,
        documents: rendered.documents,
        objects,
        secrets: sources.secret_texts().clone(),
    })
}

/// What of the values went into objects as it is.
fn entered<'a>(merged: &'a Merged, patches: &'a [Patch]) -> Entered<'a> {
    let (parts, entries) = config::passed_through(&merged.root);
    let items =
        |key: &str| merged.root.at(&ValuePath::root().child(key)).and_then(Node::as_list).unwrap_or(&[]);
    Entered { parts, entries, patches, objects: items("extraObjects").iter().collect() }
}

/// Finds all that can be found: where values or rules are wrong, and nothing could be rendered, the objects that stand in
/// the values are judged all the same. Gives what was made, if anything was.
pub fn validate(
    loaded: &Loaded,
    release: &Release,
    templates: &Templates,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Made> {
    if let Some(made) = make(loaded, release, templates, sources, found) {
        return Some(made);
    }
    let mut own = Diagnostics::new();
    let objects = extra_objects(loaded, release, &mut own);
    let demands = Demands { version: release.kube_version, ..Demands::PART };
    manifest::check_entered(&objects, &demands, &|| entered(&loaded.merged, &[]), sources, &mut own);
    found.extend(own);
    None
}

/// The objects that stand in the values.
fn extra_objects(loaded: &Loaded, release: &Release, found: &mut Diagnostics) -> Vec<Object> {
    let extras = ValuePath::root().child("extraObjects");
    let mut objects = Vec::new();
    for (index, extra) in loaded.config.extra_objects.iter().enumerate() {
        let node = loaded.merged.root.at(&extras.item(index)).unwrap_or(&loaded.merged.root);
        found.extend(manifest::endless(node));
        objects.extend(Object::from_written(
            extra.0.clone(),
            "extraObjects",
            node,
            &release.namespace,
            found,
        ));
    }
    objects
}

/// What a release refers to and does not render.
fn outside(config: &Config, release: &Release) -> Vec<Reference> {
    let reference = |kind: &str, name: &str| Reference { kind: kind.to_owned(), name: name.to_owned() };
    let mut outside = vec![
        reference("Secret", &names::auth(&release.name)),
        reference("Secret", &names::tls(&release.name)),
        reference("ServiceAccount", "default"),
        reference("ConfigMap", names::CLUSTER_CA),
    ];
    let auth = &config.postgresql.auth;
    outside.extend(auth.existing_secret.iter().map(|secret| reference("Secret", secret.name.as_str())));
    outside.extend(config.security.tls.secret_name.iter().map(|name| reference("Secret", name.as_str())));
    outside.extend(config.global.image_pull_secrets.iter().map(|name| reference("Secret", name.as_str())));
    outside.extend(
        config
            .persistence
            .existing_claim
            .iter()
            .map(|name| reference("PersistentVolumeClaim", name.as_str())),
    );
    outside.extend(config.service_account.name.iter().map(|name| reference("ServiceAccount", name.as_str())));
    let own =
        [&config.extra_env, &config.extra_volumes, &config.extra_init_containers, &config.extra_containers];
    for value in own.into_iter().flatten() {
        outside.extend(manifest::references(&value.0));
    }
    outside
}

/// The defaults as JSON, as the schema types them.
pub fn defaults() -> Json {
    let mut sources = Sources::new();
    let source = sources.add("defaults", crate::diagnostics::SourceKind::Defaults, values::DEFAULTS);
    let documents = crate::yaml::read(&sources, source, &mut Diagnostics::new());
    documents.first().map_or(Json::Null, config::shown)
}

impl Loaded {
    /// The merged values as the schema types them; secrets are not shown.
    pub fn shown(&self, sources: &Sources) -> Json {
        config::starred(config::shown(&self.merged.root), sources.secret_texts())
    }

    /// Every value with its place.
    pub fn origins(&self, sources: &Sources) -> Vec<Origin> {
        let secrets = sources.secret_texts();
        let shown = config::shown(&self.merged.root);
        let origin = |(path, place): (ValuePath, _)| {
            let value = config::at(&shown, &path)?;
            let value = if value.is_string() {
                crate::yaml::to_yaml(value).trim_end().to_owned()
            } else {
                value.to_string()
            };
            Some(Origin {
                path: secrets.star(&path.to_string()),
                value: secrets.star(&if value.contains('\n') {
                    config::at(&shown, &path)?.to_string()
                } else {
                    value
                }),
                layer: self.merged.layer(place).map_or_else(String::new, |layer| layer.name.clone()),
                place: sources.describe(place),
            })
        };
        self.merged.leaves().into_iter().filter_map(origin).collect()
    }
}

impl Made {
    /// The generated files by the names that the pod has them under.
    pub fn files(&self) -> BTreeMap<String, String> {
        let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let mut files: BTreeMap<String, String> =
            self.documents.iter().map(|(path, text)| (base(path), text.clone())).collect();
        files.extend(self.plan.scripts.clone());
        files.insert("passwd".to_owned(), self.plan.passwd.clone());
        if let Some(ha) = &self.plan.high_availability {
            files.insert("high-availability".to_owned(), ha.file.clone());
        }
        files
    }

    /// The same, but `init.sql` is there with what it includes, so that it runs by itself.
    pub fn config_files(&self) -> BTreeMap<String, String> {
        let mut files = self.files();
        if let Some(init) = files.get("init.sql") {
            let whole = included(init, &files, &self.plan.scripts);
            files.insert("init.sql".to_owned(), whole);
        }
        files
    }

    /// What a template can refer to; passwords are not shown.
    pub fn context(&self) -> Json {
        let mut context = render::context_json(&self.plan);
        context["documents"] = serde_json::to_value(&self.documents).unwrap_or_default();
        if let Some(data) = context.pointer_mut("/auth/data").and_then(Json::as_object_mut) {
            data.values_mut().for_each(|password| *password = Json::from(STARS));
        }
        config::starred(context, &self.secrets)
    }
}

/// A psql script with the files of its `\ir` lines in their place. A user's script may end without a semicolon or a
/// new line, as psql allows at the end of a file.
fn included(text: &str, files: &BTreeMap<String, String>, scripts: &BTreeMap<String, String>) -> String {
    let mut whole = String::new();
    for line in text.split_inclusive('\n') {
        let name = line.trim().strip_prefix("\\ir ").map(|name| name.trim().trim_matches('\''));
        match name.and_then(|name| files.get_key_value(name)).filter(|(_, file)| *file != text) {
            Some((name, script)) if scripts.contains_key(name) => {
                whole.push_str(script);
                whole.push_str("\n;\n");
            }
            Some((_, file)) => whole.push_str(&included(file, files, scripts)),
            None => whole.push_str(line),
        }
    }
    whole
}
