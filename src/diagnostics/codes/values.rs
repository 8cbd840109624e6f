//! What is wrong with values as they are written: files, YAML, flags, keys, types.

super::codes! {
    EMPTY_FILE = "PG0101", "A values file is empty",
        "A file without a byte is what a failed command leaves behind; taken as \"no values\", a release would silently \
         fall back to the defaults.";
        Values "", "# nothing to set yet\n";
    NOT_TEXT = "PG0102", "A file holds what no text can hold",
        "Values are UTF-8 text. Other encodings, NUL and other control characters can reach neither a manifest nor \
         PostgreSQL unharmed.";
        Values "postgresql:\n  config:\n    application_name: a\u{1}b\n",
        "postgresql:\n  config:\n    application_name: ab\n";
    TOO_LARGE = "PG0103", "A text is larger or deeper than any values are",
        "Limits on size, depth and repeated aliases keep a wrong or hostile file from filling the memory.";
        Values "service:\n  annotations: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\
         [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\
         [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n",
        "service:\n  annotations:\n    team: plant7\n";
    YAML_SYNTAX = "PG0104", "A text is no YAML",
        "YAML has rules for indentation, quotes and special characters; where a text breaks them, no reader knows what \
         was meant.";
        Values "postgresql:\n  config:\n    log_line_prefix: %m [%p]\n",
        "postgresql:\n  config:\n    log_line_prefix: '%m [%p] '\n";
    DUPLICATE_KEY = "PG0105", "A key is set twice in one map",
        "Readers of YAML and JSON differ on which of the two counts, so one of them is lost without a word.";
        Values "resourcePreset: small\nresourcePreset: large\n", "resourcePreset: large\n";
    BAD_KEY = "PG0106", "What stands before a `:` is no key",
        "A key is a word. An empty one, a list or a map cannot name a value; `{{ … }}` is a template's syntax, and what \
         pgpod reads is plain YAML.";
        Values "podAnnotations:\n  [a, b]: c\n", "podAnnotations:\n  a: c\n";
    YAML_FEATURE = "PG0107", "A tag, an anchor or `<<` is used in a way that means nothing",
        "Tags, anchors and merge keys are resolved as YAML says; where that yields no value, guessing would hide the mistake.";
        Values "resourcePreset: !preset small\n", "resourcePreset: small\n";
    NOT_A_MAP = "PG0108", "A values file is no map",
        "Values are keys with something below them. A file that is a list or one text has no key to set.";
        Values "- resourcePreset: small\n", "resourcePreset: small\n";
    FLAG_SYNTAX = "PG0110", "A `--set` flag cannot be read",
        "The flags have Helm's grammar. Where Helm silently does nothing (`a[0`, `=b`), the value would be missing \
         and nobody would know.";
        Command "pgpod render demo --set '=edge'", "pgpod render demo --set resourcePreset=edge";
    FLAG_JSON = "PG0111", "The value of `--set-json` is no JSON",
        "It is read as JSON exactly: strings and keys in double quotes, no trailing commas, no comments.";
        Command "pgpod render demo --set-json \"podLabels={team: x}\"",
        "pgpod render demo --set-json 'podLabels={\"team\": \"x\"}'";
    FLAG_PATH = "PG0112", "A flag sets something inside a value that has no inside",
        "A key goes into a map and an index into a list; another layer made the value something else, or no item of the \
         list is the one that is asked for.";
        Command "pgpod render demo --set 'postgresql.databases[name=plannt].owner=x'",
        "pgpod render demo --set 'postgresql.databases[name=quality_metrics].industrial={quality}'";
    UNKNOWN_PRESET = "PG0120", "There is no preset of that name",
        "`resourcePreset` and `--preset` choose one of the built-in shapes; a file of your own is given with `--preset FILE`.";
        Values "resourcePreset: smal\n", "resourcePreset: small\n";
    PRESET_KEY = "PG0121", "A preset sets what is no part of a shape",
        "Defaults lie over the preset, so that anything but the shape (resources, storage, connections, replicas, \
         workload, spreading) would be hidden or would surprise.";
        Preset "# mine.yaml, for `--preset mine.yaml`\nresources: {requests: {cpu: 500m, memory: 2Gi}, limits: {cpu: 2, memory: 4Gi}}\npersistence: {size: 50Gi, disk: ssd}\npostgresql: {maxConnections: 100, workload: mixed}\nhighAvailability: {replicas: 2}\nservice: {type: NodePort}\n",
        "# mine.yaml, for `--preset mine.yaml`\nresources: {requests: {cpu: 500m, memory: 2Gi}, limits: {cpu: 2, memory: 4Gi}}\npersistence: {size: 50Gi, disk: ssd}\npostgresql: {maxConnections: 100, workload: mixed}\nhighAvailability: {replicas: 2}\n";
    UNKNOWN_KEY = "PG0130", "A key is not one that pgpod knows",
        "A key that nobody reads does nothing; the mistake would show only when the cluster behaves differently than \
         the values say.";
        Values "postgresq:\n  version: 17\n", "postgresql:\n  version: 17\n";
    WRONG_TYPE = "PG0131", "A value is of another kind than its key needs",
        "A map, a list and a single value cannot stand for each other.";
        Values "postgresql: 17\n", "postgresql:\n  version: 17\n";
    MISSING_VALUE = "PG0132", "A value that is needed is missing",
        "The key has no default here, and nothing works without it.";
        Values "postgresql:\n  databases:\n    - owner: plant_owner\n", "postgresql:\n  databases:\n    - name: plant\n      owner: plant_owner\n";
    NULL_VALUE = "PG0133", "`null` stands where a value is needed",
        "`null` drops what lower layers say; a required key is then without a value, and in a list there is nothing to drop.";
        Values "resources: null\npersistence:\n  enabled: null\n", "persistence:\n  enabled: true\n";
    BAD_VALUE = "PG0134", "A value is not one that its key takes",
        "Each key says what it takes: a number in a range, a size, a name, one of a few words.";
        Values "persistence:\n  size: 50GB!\n", "persistence:\n  size: 50Gi\n";
    BAD_KEY_NAME = "PG0135", "A key of a free map is no name that can stand there",
        "The key becomes a name in a Kubernetes object or in PostgreSQL, which has rules for such names.";
        Values "podLabels:\n  'not a label': x\n", "podLabels:\n  team: x\n";
    SCHEMA_GAP = "PG0139", "The values fit the schema, but pgpod cannot use them",
        "This is a mistake in pgpod: please report it, with the values.";
        Command "pgpod render demo -f values.yaml", "pgpod render demo";
}
