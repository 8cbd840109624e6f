//! No spelling of a mistake makes a report show the secret beside it: `HUNTER` stands for one in every input.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::pgpod;

const FORMATS: [&str; 4] = ["text", "json", "github", "sarif"];

/// Scripts that are no SQL; with `⏎` a new line begins.
const SQL: &[&str] = &[
    "DO $$ BEGIN EXECUTE 'ALTER ROLE bob PASSWORD ''HUNTER22secret'''; END $$; CREATE TABEL x (a int);",
    "DO $$ BEGIN EXECUTE 'ALTER ROLE bob PASSWORD ''a'' '; END $$;⏎DO $$ BEGIN EXECUTE format('ALTER ROLE %I PASSWORD ''HUNTER''', 'bob') FOO; END $$; CREATE TABEL x;",
    "ALTER ROLE bob PASSWORD /* c */ 'HUNTER22secret' BOGUS (;",
    "ALTER ROLE bob PASSWORD -- now⏎'HUNTER22secret' BOGUS (;",
    "ALTER ROLE bob PASSWORD U&'HUNTER22secret' BOGUS (;",
    "ALTER ROLE bob PASSWORD E'hunt22\\'HUNTER' BOGUS (;",
    "ALTER ROLE bob PASSWORD E'hunt22\\'HUNTER' VALID UNTIL 'x' BOGUS (;",
    "ALTER ROLE bob PASSWORD 'hunt22'⏎'HUNTER2' BOGUS (;",
    "ALTER ROLE bob PASSWORD 'hunt22⏎HUNTER2' BOGUS (;",
    "ALTER ROLE bob PASSWORD 'hunt22'HUNTER2' BOGUS (;",
    "ALTER ROLE bob PASSWORD 'it's HUNTER' VALID UNTIL 'x' BOGUS (;",
    "CREATE USER bob WITH PASSWORT 'HUNTER22secret';",
    "CREATE USER bob WITH PASWORD 'HUNTER22secret';",
    "CREATE USER bob IDENTIFIED BY 'HUNTER22secret';",
    "CREATE USER bob IDENTIFIED BY HUNTER22secret;",
    "CREATE USER bob PASSWORD HUNTER22secret;",
    "CREATE USER bob PASSWORD \"HUNTER22secret\";",
    "CREATE USER bob PASSWORD $$HUNTER22secret$$ BOGUS (;",
    "CREATE USER bob PASSWRD $x$HUNTER22secret$x$ BOGUS (;",
    "CREATE USER bob LOGIN $$HUNTER22secret$$ BOGUS (;",
    "CREATE USER bob⏎  LOGIN⏎  'HUNTER22secret' BOGUS (;",
    "CREATE USER bob⏎  LOGIN⏎  PASSWORD⏎  'HUNTER22secret' BOGUS (;",
    "CREATE ROLE x LOGIN PASSWORT 'HUNTER28';",
    "ALTER ROLE x PASSWRD 'HUNTER9';",
    "ALTER ROLE x PASSWRD HUNTER9 BOGUS (;",
    "alter role x pasword = 'HUNTER9';",
    "CREATE ROLE x LOGIN 'HUNTER33';",
    "CREATE ROLE x PASSWORD ('HUNTER31');",
    "CREATE ROLE x PASSWORD (HUNTER31);",
    "SELECT set_config('app.password', 'HUNTER39', false) FOO BAR;",
    "SET app.password TO 'HUNTER35' BOGUS (;",
    "SET app.password = HUNTER35 BOGUS (;",
    "INSERT INTO users (name, password) VALUES ('a', 'HUNTER11') BOGUS (;",
    "INSERT INTO users (name, password)⏎VALUES ('a', 'HUNTER11') BOGUS (;",
    "UPDATE users SET password = 'HUNTER11' BOGUS (;",
    "DO $$ BEGIN EXECUTE format('ALTER ROLE x PASSWORD %L', 'HUNTER16'); END $$ BOGUS (;",
    "CREATE USER MAPPING FOR a SERVER b OPTIONS (SET pasword 'HUNTER41') BOGUS (;",
    "ALTER SERVER b OPTIONS (x 'HUNTER41') BOGUS (;",
    "COPY t FROM PROGRAM 'curl -u user:HUNTER6 http://x' BOGUS (;",
    "CREATE SUBSCRIPTION s CONNECTION 'host=x password=HUNTER' BOGUS (;",
    "ALTER ROLE bob PASSWORD⏎HUNTER BOGUS (;",
    "ALTER ROLE bob PASSWORD ‘a HUNTER’;",
    "ALTER ROLE bob PASSWORD “a HUNTER”;",
    "ALTER ROLE bob PASSWORD a HUNTER;",
    "ALTER ROLE bob PASSWORD a,HUNTER;",
    "ALTER ROLE bob PASSWORD -HUNTER;",
    "ALTER ROLE bob PASSWORD {HUNTER;",
    "ALTER ROLE bob⏎PASSWORD\u{a0}HUNTER⏎FOO (;",
    "ALTER ROLE bob WITH\u{3000}PASSWORD⏎HUNTER FOO (;",
    "SELECT pgp_sym_encrypt('x', 'HUNTER') FOO (;",
    "INSERT INTO users VALUES ('a', crypt('HUNTER', gen_salt('bf'))) FOO (;",
    "ALTER ROLE bob PASWORT $q$a HUNTER$q$ BOGUS (;",
    "DO $$ BEGIN EXECUTE 'ALTER ROLE x LOGIN ' || $q$a HUNTER$q$; END $$ BOGUS (;",
    "COMMENT ON ROLE x IS 'password: HUNTER' BOGUS (;",
    "SELECT dblink('postgres://u:HUNTER/x@h/db') FOO BAR;",
];

/// Values, whole or below `postgresql:`, that are wrong in another way.
const VALUES: &[&str] = &[
    "extraObjects:⏎  - {apiVersion: v1, kind: Secret, metadata: {name: x}, data: {a: HUNTER}, foo: b: c}",
    "extraObjects:⏎  - {apiVersion: v1, kind: Secret, metadata: {name: x}, data: {tls.key: HUNTER, b: c: d}}",
    "extraObjects:⏎  - {apiVersion: v1, kind: Secret, data: {⏎    a: b,⏎    c: HUNTER: x⏎    }}",
    "extraObjects:⏎- apiVersion: v1⏎  kind: Secret⏎  metadata: {name: x}⏎  stringData:⏎    a: AA⏎    a: HUNTER",
    "extraObjects:⏎- apiVersion: v1⏎  kind: Secret⏎  metadata: {name: x}⏎  data: {a: X, a: HUNTER}",
    "extraEnv:⏎  - name: DATABASE_PASSWORD⏎    vlaue: HUNTER",
    "extraEnv:⏎  - vlaue: HUNTER⏎    name: DATABASE_PASSWORD",
    "extraEnv:⏎  - {name: DATABASE_PASSWORD, val: HUNTER}",
    "extraEnv:⏎  - {val: HUNTER, name: DATABASE_PASSWORD}",
    "extraEnv:⏎  - {name: DATABASE_PASWORD, Value: HUNTER}",
    "extraEnv:⏎  - name: DATABASE_PASSWORD⏎    value: \"HUNTER",
    "extraEnv:⏎  - name: DATABASE_PASSWORD⏎    value: HUNTER: x",
    "extraEnv:⏎  - name: DATABASE_PASSWORD⏎    value: %HUNTER",
    "extraEnv:⏎  - value: %HUNTER⏎    name: DATABASE_PASSWORD",
    "extraEnv:⏎  - name: DATABASE_PASSWORD⏎    value: |⏎      a⏎      HUNTER⏎     HUNTER: x: y",
    "extraEnv:⏎  - {value: HUNTER, name: DATABASE_PASSWORD, q: r: z}",
    "extraEnv:⏎  - name: DATABASE_PASSWORD⏎    value: a⏎    value: HUNTER",
    "extraEnv:⏎  - {name: URL, vlaue: \"postgres://u:HUNTER/x@h\"}",
    "extraEnv:⏎  - {name: URL, vlaue: \"postgres://u:HUNT HUNTER@h\"}",
    "extraEnv:⏎  - {name: URL, vlaue: \"https://HUNTER@github.com\"}",
    "extraEnv:⏎  - {name: X, vlaue: \"Bearer HUNTER\"}",
    "extraEnv:⏎  - {name: X, vlaue: \"db:5432:a:b:HUNTER\"}",
    "extraEnv:⏎  - {name: Authorization, vlaue: HUNTER}",
    "postgresql:⏎  hba: [{type: host, address: 10.0.0.0/8, method: ldap, options: {ldapserver: h, ldapbindpasword: HUNTER}}]",
    "postgresql:⏎  hba:⏎  - type: host⏎    address: 10.0.0.0/8⏎    method: radius⏎    options: {radiussecrts: HUNTER}",
    "extraObjects:⏎- apiVersion: v1⏎  kind: Secrt⏎  metadata: {name: x}⏎  data: {a: HUNTER!!}",
    "extraObjects:⏎- apiVersion: v1⏎  kind: Secret⏎  metadata: {name: x}⏎  dta: {a: HUNTER}",
    "extraObjects:⏎- apiVersion: v1⏎  kind: Secret⏎  metadata: {name: x, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"data\": {\"a\": \"HUNTER\"}}'}}⏎  dta: {}",
    "postgresql:⏎  initScripts:⏎    - name: a⏎      run: once⏎      database: production_data⏎      sql: 'CREATE ROLE x PASSWORD ''HUNTER'' BOGUS (;'",
    "postgresql:⏎  initScripts:⏎    - name: a⏎      run: once⏎      database: production_data⏎      sql: CREATE ROLE x LOGIN 'HUNTER' BOGUS (;",
    "postgresql:⏎  initScripts:⏎    - name: a⏎      run: once⏎      database: production_data⏎      sql: CREATE ROLE x LOGIN 'HUNTER': y",
    "postgresql:⏎  initScripts:⏎    - name: a⏎      run: once⏎      database: production_data⏎      sql: >⏎        CREATE ROLE x⏎        LOGIN⏎        'HUNTER' BOGUS (;",
    "postgresql:⏎  auth:⏎    password: a⏎      HUNTER: x",
    "postgresql:⏎  auth: HUNTER",
    "postgresql:⏎  auth: [HUNTER]",
    "postgresql:⏎  auth: [{password: HUNTER}]",
    "postgresql:⏎  auth:⏎    postgresPassword: >⏎      HUNTER⏎    HUNTER⏎   x",
    "postgresql:⏎  auth:⏎    ? postgresPassword⏎    : HUNTER: x",
    "postgresql:⏎  auth:⏎    pasword: HUNTER",
    "postgresql:⏎  auth:⏎    password: [HUNTER]",
    "postgresql:⏎  auth: {password: HUNTER, x: y: z}",
    "extraEnv: HUNTER⏎postgresql:⏎  auth: {password: HUNTER}",
];

const MANIFESTS: &[&str] = &[
    "{apiVersion: v1, kind: Secret, metadata: {name: x}, data: {a: HUNTER}, foo: b: c}",
    "apiVersion: v1⏎kind: &k Secret⏎metadata: {name: x}⏎data: {a: HUNTER: x}",
    "apiVersion: v1⏎kind: !!str Secret⏎metadata: {name: x}⏎data:⏎  a: HUNTER: x",
    "apiVersion: v1⏎kind:⏎  Secret⏎metadata: {name: x}⏎data: {a: HUNTER: x}",
    "apiVersion: v1⏎? kind⏎: Secret⏎metadata: {name: x}⏎data: {a: HUNTER: x}",
    "apiVersion: v1⏎kind: Secret⏎metadata: {name: x}⏎? data⏎: {a: HUNTER: x}",
    "apiVersion: v1⏎kind: Secret⏎metadata: {name: x}⏎data: # all of it⏎  a: HUNTER: x",
    "apiVersion: v1⏎kind: Secret⏎metadata: {name: x}⏎\"data\" :⏎  a: |⏎    HUNTER⏎   HUNTER: x: y",
    "apiVersion: v1⏎metadata: {name: a}⏎stringData:⏎  a: HUNTER: y",
    "apiVersion: v1⏎metadata: {name: a}⏎data:⏎  a: HUNTER: y",
    "apiVersion: v1⏎kind: secret⏎metadata: {name: a}⏎data: {a: HUNTER, a: HUNTER}",
    "apiVersion: v1⏎kind: Secrt⏎metadata: {name: a}⏎stringData: {a: HUNTER, a: HUNTER}",
    "apiVersion: v1⏎metadata: {name: a}⏎stringData: [HUNTER]",
    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"},\"data\":{\"ca\":\"AAAA\",\"ca\":\"HUNTER\"}}",
    "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"a\"},⏎\"data\": {⏎\"ca\": \"HUNTER\"⏎\"cb\": \"HUNTER\"⏎}}",
    "apiVersion: v1⏎kind: Secret⏎metadata: {name: a, labels: {password: HUNTER and more}}",
    "apiVersion: v1⏎kind: Secret⏎metadata: {name: a}⏎data: {a: HUNTER!!}",
    "apiVersion: v1⏎kind: Pod⏎metadata: {name: a}⏎spec:⏎  containers:⏎  - name: a⏎    image: b⏎    env:⏎    - name: DATABASE_PASSWORD⏎      val: HUNTER",
    "apiVersion: v1⏎kind: Pod⏎metadata: {name: a}⏎spec:⏎  containers:⏎  - name: a⏎    image: b⏎    env:⏎    - name: DATABASE_PASSWORD⏎      value: HUNTER: x",
    "apiVersion: v1⏎kind: Pod⏎metadata: {name: a}⏎spec:⏎  containers:⏎  - name: a⏎    image: b⏎    livenessProbe: {httpGet: {port: 1, httpHeaders: [{name: Authorization, vlaue: Bearer HUNTER}]}}",
    "apiVersion: v1⏎kind: Pod⏎metadata: {name: a}⏎spec:⏎  containers:⏎  - name: a⏎    image: b⏎    livenessProbe:⏎      httpGet:⏎        port: 1⏎        httpHeaders:⏎        - name: authorization⏎          vlaue: HUNTER",
];

const FLAGS: &[&[&str]] = &[
    &["--set", "extraEnv[0].name=DATABASE_PASSWORD,extraEnv[0].val=HUNTER"],
    &["--set", "extraEnv[0].name=DATABASE_PASSWORD", "--set", "extraEnv[0].val=HUNTER"],
    &["--set-json", r#"extraEnv=[{"name": "DATABASE_PASSWORD", "val": "HUNTER"}]"#],
    &["--set-json", r#"extraEnv=[{"val": "HUNTER", "name": "DATABASE_PASSWORD"}]"#],
    &["--set", "postgresql.auth.password=a b,HUNTER=1"],
    &["--set", "postgresql.auth.password=a b,HUNTER"],
    &["--set", "postgresql.initScripts[0].sql=ALTER ROLE x LOGIN 'HUNTER' BOGUS (;"],
    &["--set", "postgresql.auth=HUNTER"],
    &["--set", "postgresql.auth={HUNTER}"],
];

/// Writes each input into a file of its own.
fn write(folder: &Path, inputs: impl Iterator<Item = String>) {
    for (number, input) in inputs.enumerate() {
        let text = input.replace('⏎', "\n") + "\n";
        std::fs::write(folder.join(format!("{number:03}.yaml")), text).expect("it is writable");
    }
}

/// What is wrong with the reports of a command: which inputs it says nothing about, and the lines that show a secret.
fn problems(args: &[&str], inputs: usize) -> String {
    let mut problems = String::new();
    for format in FORMATS {
        let ran = pgpod(args.iter().copied().chain(["--format", format]));
        let printed = ran.stdout + &ran.stderr;
        let is_silent = |number: &usize| !printed.contains(&format!("{number:03}.yaml"));
        for number in (0..inputs).filter(is_silent) {
            writeln!(problems, "{format}: nothing about {number}").expect("a text takes all");
        }
        for line in printed.lines().filter(|line| line.contains("HUNTER")) {
            writeln!(problems, "{format}: {line}").expect("a text takes all");
        }
    }
    problems
}

fn of_each(inputs: impl ExactSizeIterator<Item = String>) -> String {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let count = inputs.len();
    write(folder.path(), inputs);
    problems(&["validate", "--each", &format!("{}/*.yaml", folder.path().display())], count)
}

#[test]
fn no_report_shows_a_password_of_sql() {
    let script = |sql: &&str| {
        let block = sql.replace('⏎', "\n        ");
        format!(
            "postgresql:\n  initScripts:\n    - name: a\n      run: once\n      database: production_data\n      sql: |\n        {block}"
        )
    };
    assert_eq!(of_each(SQL.iter().map(script)), "");
}

#[test]
fn no_report_shows_a_password_of_sql_on_the_line_of_its_key() {
    let line = |sql: &&str| {
        let sql = sql.replace('⏎', "\\n").replace('"', "\\\"").replace("\\'", "\\\\'");
        format!("postgresql:\n  initScripts:\n    - {{name: a, run: once, sql: \"{sql}\"}}")
    };
    assert_eq!(of_each(SQL.iter().map(line)), "");
}

#[test]
fn no_report_shows_a_secret_of_values() {
    assert_eq!(of_each(VALUES.iter().map(|text| (*text).to_owned())), "");
}

#[test]
fn no_report_shows_a_secret_of_manifests() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    write(folder.path(), MANIFESTS.iter().map(|text| (*text).to_owned()));
    let path = folder.path().display().to_string();
    assert_eq!(problems(&["validate", "--manifests", &path], MANIFESTS.len()), "");
}

#[test]
fn no_report_shows_a_secret_of_flags() {
    for flags in FLAGS {
        let args: Vec<&str> = ["validate"].into_iter().chain(flags.iter().copied()).collect();
        assert_eq!(problems(&args, 0), "", "{flags:?}");
    }
}
