//! What is wrong with a command line, or with a template of your own.

super::codes! {
    TEMPLATE_PATH = "PG0501", "A file of `--templates` is not where a template can be",
        "A template's folder tells its language, and so how values are written into it without breaking it.";
        Command "pgpod render demo --templates mine  # mine/extra.yaml",
        "pgpod render demo --templates mine  # mine/kubernetes/extra.yaml";
    TEMPLATE_ERROR = "PG0502", "A template does not render",
        "Its syntax is wrong, or it names something that the context does not have.";
        Template "# mine/kubernetes/extra.yaml, for `--templates mine`\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: {{ release.namespac }}}\n",
        "# mine/kubernetes/extra.yaml, for `--templates mine`\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: {{ release.namespace }}}\n";
    FILE_NAME = "PG0510", "A file is named twice, or not at all",
        "Standard input can be read once, and an empty name comes from a comma too many or an empty variable.";
        Command "pgpod render demo -f - -f -", "pgpod render demo -f -";
    UNKNOWN_FILE = "PG0511", "No such file is generated for this release",
        "`pgpod config` prints one of the files that a render places in its ConfigMaps.";
        Command "pgpod config postgres.conf demo", "pgpod config postgresql.conf demo";
    SERVER_NAME = "PG0513", "A name cannot stand in a certificate",
        "Clients compare it with the name that they connect to: it is a DNS name or an address.";
        Command "pgpod secret tls demo --san db_plant7", "pgpod secret tls demo --san db.plant7.example";
    SHOWS_NOTHING = "PG0514", "`--show-only` matches no template of the render",
        "An empty result would look like a release without objects.";
        Command "pgpod render demo --show-only deployments.yaml",
        "pgpod render demo --show-only kubernetes/workload.yaml";
    UNKNOWN_COMMAND = "PG0515", "There is no manual page of such a command",
        "Each command has one, and each command below it.";
        Command "pgpod man rendr", "pgpod man render";
    TWO_SIDES = "PG0530", "Two files or folders are compared, and values are given too",
        "Two names are the old and the new side as they are; values would render a third one.";
        Command "pgpod diff old new -f prod.yaml", "pgpod diff prod -f prod.yaml --from old";
    SECRETS_IN_A_PIPE = "PG0531", "Secrets are to be shown, and stdout is no terminal",
        "A file, a pipe and the log of a pipeline keep what they are given.";
        Command "pgpod diff prod -f prod.yaml --from old --show-secrets | less",
        "pgpod diff prod -f prod.yaml --from old | less";
}
