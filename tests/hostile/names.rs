//! Names that Kubernetes or PostgreSQL would refuse are refused here, and those that they take are taken.

use crate::support::{pgpod, rendered, yaml};

#[test]
fn names_of_releases_and_namespaces_are_those_of_kubernetes() {
    let long = "a".repeat(60);
    for (release, namespace, good) in [
        ("plant7", "default", true),
        ("a", "1-a", true),
        ("7plant", "default", false), // a Service begins with a letter
        ("Plant", "default", false),
        ("plant.7", "default", false),
        ("plant_7", "default", false),
        ("-plant", "default", false),
        ("plant-", "default", false),
        ("", "default", false),
        ("plänt", "default", false),
        (&long, "default", false), // its longest object has more than 63 characters
        ("plant7", "Default", false),
        ("plant7", "a.b", false),
        ("plant7", "a b", false),
        ("plant7", "", false),
    ] {
        let ran = pgpod(["render", "-n", namespace, "--", release]);
        assert_eq!(ran.status, if good { 0 } else { 2 }, "{release:?} in {namespace:?}: {}", ran.stderr);
        assert_eq!(ran.stdout.is_empty(), !good);
    }
}

/// Values that are right, and values that are not, each with words of the report.
#[test]
fn names_in_values_are_those_of_kubernetes_and_postgresql() {
    let long = "a".repeat(64);
    let just = "a".repeat(63);
    let database = |name: &str| format!("postgresql: {{databases: [{{name: {name}}}]}}");
    let user = |name: &str| format!("postgresql: {{auth: {{username: {name}}}}}");
    let cases = [
        (database("'Ä b'"), ""),
        (database(&just), ""),
        (database(&long), "at most 63 bytes"),
        (database("'ääääääääääääääääääääääääääääääää'"), "at most 63 bytes"),
        (database("''"), "not empty"),
        (database("'a\tb'"), "control characters"),
        (database("postgres"), "PostgreSQL's own"),
        (database("template1"), "PostgreSQL's own"),
        ("postgresql: {databases: [{name: a}, {name: a}]}".to_owned(), "is there twice"),
        ("postgresql: {databases: [{name: a, schemas: [{name: pg_a}]}]}".to_owned(), "begin with `pg_`"),
        ("postgresql: {databases: [{name: a, encoding: SJIS}]}".to_owned(), "for clients only"),
        ("postgresql: {databases: [{name: a, encoding: UTF9}]}".to_owned(), "did you mean `UTF8`?"),
        ("postgresql: {databases: [{name: a, encoding: latin1, locale: de_DE.iso88591}]}".to_owned(), ""),
        ("postgresql: {databases: [{name: a, locale: 'C; x'}]}".to_owned(), "not the name of a locale"),
        (user("'o\"neil'"), ""),
        (user("postgres"), "the superuser"),
        (user("pg_monitor"), "begin with `pg_`"),
        (user("app_owner"), "used for two things"),
        (user("pgpod_exporter"), "the exporter's role"),
        (user("public"), "`public`"),
        (user("none"), "`none`"),
        ("postgresql: {databases: [{name: a, owner: public}]}".to_owned(), "`public`"),
        (
            "postgresql: {databases: [{name: a, grants: [{role: pg_x, privilege: read}]}]}".to_owned(),
            "`pg_x`",
        ),
        ("commonLabels: {example.com/a: b}".to_owned(), ""),
        ("commonLabels: {a: 'b c'}".to_owned(), "commonLabels.a"),
        ("commonAnnotations: {a: \"x\\0y\"}".to_owned(), "NUL"),
        ("commonLabels: {a b: c}".to_owned(), "no name that can stand"),
        ("commonLabels: {a/b/c: d}".to_owned(), "no name that can stand"),
        (format!("commonLabels: {{{long}: a}}"), "at most 63"),
        (format!("commonLabels: {{a: {long}}}"), "at most 63"),
        ("nodeSelector: {-a: b}".to_owned(), "no name that can stand"),
        ("priorityClassName: High".to_owned(), "priorityClassName"),
        ("global: {imagePullSecrets: [a_b]}".to_owned(), "imagePullSecrets[0]"),
        ("global: {imageRegistry: 'https://mirror'}".to_owned(), "without `https://`"),
        ("global: {imageRegistry: 'mirror.local:5000/docker'}".to_owned(), ""),
        ("persistence: {storageClass: Fast}".to_owned(), "persistence.storageClass"),
        ("postgresql: {image: {tag: 'a b'}}".to_owned(), "a tag has"),
        ("postgresql: {image: {digest: 'sha256:abc'}}".to_owned(), "a digest is"),
        ("postgresql: {auth: {password: \"a\\n\"}}".to_owned(), "does not end with a newline"),
        (
            "postgresql: {initScripts: [{name: a/b, database: audit_trail, run: once, sql: x}]}".to_owned(),
            "a script's name",
        ),
    ];
    for (values, words) in cases {
        match (rendered(&yaml(&values)), words) {
            (Ok(_), "") => {}
            (Ok(_), words) => panic!("{values} is taken; it should be refused with {words:?}"),
            (Err(report), "") => panic!("{values} is refused: {report}"),
            (Err(report), words) => assert!(report.contains(words), "{values}: no {words:?} in\n{report}"),
        }
    }
}
