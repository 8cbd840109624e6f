//! What PostgreSQL would refuse, or take in a way that nobody means.

super::codes! {
    UNKNOWN_PARAMETER = "PG0301", "PostgreSQL has no such parameter in this major",
        "The server refuses to start with a parameter that it does not know; some came and went with a major.";
        Values "postgresql:\n  config:\n    shared_bufers: 1GB\n", "postgresql:\n  config:\n    shared_buffers: 1GB\n";
    PARAMETER_VALUE = "PG0302", "A parameter cannot have that value",
        "The server refuses to start, or to reload, with a value that is out of range, of another type or in an unknown unit.";
        Values "postgresql:\n  config:\n    work_mem: 8mb\n", "postgresql:\n  config:\n    work_mem: 8MB\n";
    PARAMETER_OWNED = "PG0303", "A parameter is not yours to set",
        "It follows from other values, or says only how the server was built.";
        Values "postgresql:\n  config:\n    data_directory: /data\n", "postgresql:\n  config:\n    work_mem: 8MB\n";
    PARAMETER_TWICE = "PG0304", "A parameter is set under two names",
        "Names of parameters have no case, and some have an old name: the last of the two would win in silence.";
        Values "postgresql:\n  config:\n    work_mem: 8MB\n    Work_Mem: 32MB\n", "postgresql:\n  config:\n    work_mem: 8MB\n";
    PARAMETERS_TOGETHER = "PG0305", "Parameters are right each, but not together",
        "The server checks some parameters against each other, and refuses to start.";
        Values "postgresql:\n  config:\n    archive_mode: 'on'\n    archive_command: 'true'\n    archive_library: basic_archive\n",
        "postgresql:\n  config:\n    archive_mode: 'on'\n    archive_command: 'true'\n";
    PARAMETER_EXTENSION = "PG0306", "A parameter belongs to an extension that is not enabled",
        "Without its library the server keeps such a parameter as a placeholder, and it does nothing.";
        Values "postgresql:\n  config:\n    pgaudit.log: ddl\n", "postgresql:\n  config:\n    pg_stat_statements.track: all\n";
    PARAMETER_RISK = "PG0307", "A parameter is set in a way that somebody will be sorry for",
        "The server takes it, and data, the log or the control over it is lost on the day that it matters.";
        Values "postgresql:\n  config:\n    fsync: off\n", "postgresql:\n  config:\n    synchronous_commit: off\n";
    PARAMETER_LIMITED = "PG0308", "A parameter has no effect, since another one limits it",
        "The server takes both, and the smaller one decides: what was asked for never happens, and nothing says so.";
        Values "postgresql:\n  config:\n    min_wal_size: 4GB\n    max_wal_size: 2GB\n",
        "postgresql:\n  config:\n    min_wal_size: 1GB\n    max_wal_size: 2GB\n";
    HBA_RULE = "PG0320", "A rule of `pg_hba.conf` would be refused",
        "One wrong rule makes the server refuse the whole file: at a start it ends, at a reload it keeps the old rules.";
        Values "postgresql:\n  hba:\n    - {type: host, databases: [all], users: [app], address: 10.0.0.5, method: scram-sha-256}\n",
        "postgresql:\n  hba:\n    - {type: host, databases: [all], users: [app], address: 10.0.0.5/32, method: scram-sha-256}\n";
    HBA_RISK = "PG0321", "A rule of `pg_hba.conf` works, but lets in more, or less, than it should",
        "The first rule that fits a connection decides it, and some methods prove too little. The server takes such a rule; pgpod refuses it where it lets anybody in, or can let nobody in.";
        Values "postgresql:\n  hba:\n    - {type: host, databases: [all], users: [app], address: 10.0.0.0/8, method: md5}\n",
        "postgresql:\n  hba:\n    - {type: host, databases: [all], users: [app], address: 10.0.0.0/8, method: scram-sha-256}\n";
    SQL_SYNTAX = "PG0330", "A script is no SQL",
        "A statement that the server cannot read stops the script at every start. pgpod's reader is not the server's own: it may miss a mistake.";
        Values "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: once, sql: 'CREATE TABEL t (a int)'}\n",
        "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: once, sql: 'CREATE TABLE t (a int)'}\n";
    SQL_TRANSACTION = "PG0331", "A statement cannot run in a transaction, and its script is one",
        "Some statements have to be a transaction of their own. PostgreSQL refuses them in a script that runs as one: it fails at every start.";
        Values "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: once, sql: VACUUM}\n",
        "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: once, transaction: false, sql: VACUUM}\n";
    SCRIPT_AGAIN = "PG0332", "A script that runs at every start makes what is there already",
        "From the second start on, the statement fails, and the pod does not become ready.";
        Values "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: always, sql: CREATE TABLE t (a int)}\n",
        "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: always, sql: CREATE TABLE IF NOT EXISTS t (a int)}\n";
    SERVER_REFUSES = "PG0340", "A real server refuses what was rendered for it",
        "`--with-postgres` asks one. pgpod finds most of it by itself, but not what depends on the server's machine, its locales, or a library's own parameters.";
        Command "pgpod validate prod --with-postgres --set postgresql.config.lc_time=de_XX",
        "pgpod validate prod --with-postgres --set postgresql.config.lc_time=C";
}
