//! Other people's checkers, so that pgpod's own reading of a format is not the only one.

use super::gate;
use super::program::run;
use std::path::PathBuf;
use std::process::Command;

/// A program of this machine by its name (`dash`, `busybox`, `shellcheck`).
pub(crate) fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.or_else(|| gate::missing(name, &format!("there is no `{name}` on the PATH")))
}

/// Checks manifests by the strict schemas of Kubernetes versions (`1.33`), which refuse unknown fields.
/// Gives a line per problem; a kind that Kubernetes itself doesn't have (a CRD's) is none.
pub(crate) fn kubernetes_validate(versions: &[&str], manifests: &str) -> Option<Vec<String>> {
    let python = python("kubernetes-validate")?;
    let script = r"
import sys, yaml, kubernetes_validate as kv
for document in yaml.safe_load_all(sys.stdin.buffer):
    for version in sys.argv[1:] if document else []:
        place = '%s %s/%s' % (version, document.get('kind'), document.get('metadata', {}).get('name'))
        try:
            kv.validate(document, version, strict=True)
        except kv.SchemaNotFoundError:
            builtin = '.' not in document['apiVersion'].split('/')[0] or '.k8s.io/' in document['apiVersion']
            if builtin:
                print('%s: no such kind in %s' % (place, document['apiVersion']))
        except kv.ValidationError as error:
            print('%s: %s: %s' % (place, '.'.join(map(str, error.path)), error.message))
";
    let found = run(Command::new(python).args(["-c", script]).args(versions), manifests.as_bytes()).ok();
    Some(found.lines().map(str::to_owned).collect())
}

/// What a script of the project prints, run by the Python that has kubernetes-validate.
pub(crate) fn since_table() -> Option<String> {
    let python = python("kubernetes-validate")?;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/kubernetes");
    let mut command = Command::new(python);
    Some(run(command.arg("since.py").arg("definitions.txt").current_dir(folder), b"").ok())
}

/// What another one prints, of the models that `.ci/servers` has unpacked.
pub(crate) fn custom_table() -> Option<String> {
    let python = python("kubernetes-validate")?;
    let models = gate::variable("PGPOD_SERVERS").map(|folder| PathBuf::from(folder).join("models"));
    let Some(models) = models.filter(|folder| folder.join("cert_manager/v1.py").exists()) else {
        return gate::missing(
            "operator-models",
            "there are no models of custom resources; `.ci/servers` fetches them",
        );
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/data/kubernetes/custom.py");
    Some(run(Command::new(python).arg(script).arg(models), b"").ok())
}

/// The documents of a YAML stream as a reader of YAML 1.1 takes them (`on` is true, `0755` is octal), as kubectl does.
/// What JSON doesn't know (dates) comes as text that no writer means.
pub(crate) fn read_as_yaml_1_1(text: &str) -> Option<Result<Vec<serde_json::Value>, String>> {
    let python = python("pyyaml")?;
    let script = "
import sys, yaml, json
documents = list(yaml.safe_load_all(sys.stdin.buffer))
json.dump(documents, sys.stdout, default=lambda value: 'not JSON: %r' % (value,))
";
    let read = run(Command::new(python).args(["-c", script]), text.as_bytes()).result();
    Some(read.map(|json| serde_json::from_str(&json).expect("Python writes JSON")))
}

/// What a JSON Schema has against a document, a line for each; by `jsonschema`, which kubernetes-validate stands on.
pub(crate) fn against_schema(schema: &str, document: &str) -> Option<Vec<String>> {
    let python = python("kubernetes-validate")?;
    let script = r"
import sys, json, jsonschema
schema, document = json.load(sys.stdin)
kind = jsonschema.validators.validator_for(schema)
kind.check_schema(schema)
for error in kind(schema).iter_errors(document):
    print('/'.join(map(str, error.absolute_path)), error.message)
";
    let input = format!("[{schema},{document}]");
    let found = run(Command::new(python).args(["-c", script]), input.as_bytes()).ok();
    Some(found.lines().map(str::to_owned).collect())
}

fn python(name: &str) -> Option<String> {
    gate::variable("PGPOD_PYTHON")
        .or_else(|| gate::missing(name, "PGPOD_PYTHON is not set; `just test` sets it"))
}

#[test]
fn the_schemas_of_every_version_refuse_an_unknown_field() {
    let manifests = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {on: 'off'}\n---\n\
                     apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndatum: {}\n---\n\
                     apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: c}\nspec: {}\n";
    let Some(found) = kubernetes_validate(&["1.31", "1.37"], manifests) else { return };
    let unknown = "Additional properties are not allowed ('datum' was unexpected)";
    assert_eq!(found, [format!("1.31 ConfigMap/b: : {unknown}"), format!("1.37 ConfigMap/b: : {unknown}")]);
}

#[test]
fn the_yaml_1_1_reader_takes_on_for_true() {
    let Some(read) = read_as_yaml_1_1("a: on\n---\n- 0o17\n- 017\n- 2024-01-01\n") else { return };
    let expected = serde_json::json!([{"a": true}, ["0o17", 15, "not JSON: datetime.date(2024, 1, 1)"]]);
    assert_eq!(read.map(serde_json::Value::from), Ok(expected));
    assert!(read_as_yaml_1_1("a: [").is_some_and(|read| read.is_err()));
}
