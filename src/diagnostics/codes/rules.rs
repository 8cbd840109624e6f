//! What single values cannot say: how they go together.

super::codes! {
    PASSWORDS_INCOMPLETE = "PG0201", "Some passwords are given in the values, others are not",
        "A Secret that stands in a render holds all passwords that the release needs, since applying it replaces the whole.";
        Values "postgresql:\n  auth:\n    password: 'oM3;k2xQ91-4'\n",
        "postgresql:\n  auth:\n    existingSecret: {name: plant7-auth}\n";
    PASSWORDS_TWICE = "PG0202", "Passwords are given in the values and in a Secret of your own",
        "`postgresql.auth.existingSecret` names a Secret that is made elsewhere: nobody could tell which of the two counts.";
        Values "postgresql:\n  auth:\n    existingSecret: {name: plant7-auth}\n    password: 'oM3;k2xQ91-4'\n",
        "postgresql:\n  auth:\n    existingSecret: {name: plant7-auth}\n";
    PORT_TAKEN = "PG0203", "Two things of a pod would listen on one port",
        "The containers of a pod share its network, so that the second to start cannot listen.";
        Values "monitoring:\n  exporter:\n    port: 5432\n", "monitoring:\n  exporter:\n    port: 9187\n";
    USER_TAKEN = "PG0204", "Two containers of a pod would run as one user",
        "The server tells its neighbours apart by their users: it lets them in over the shared socket without a password.";
        Values "security:\n  podSecurityContext:\n    runAsUser: 65534\n", "security:\n  podSecurityContext:\n    runAsUser: 999\n";
    EXTRA_NAMELESS = "PG0205", "Something that is added to the pod has no name",
        "Kubernetes knows containers and volumes by their names.";
        Values "extraVolumes:\n  - emptyDir: {}\n", "extraVolumes:\n  - name: scratch\n    emptyDir: {}\n";
    NAME_TAKEN = "PG0206", "A name is used by the pod itself",
        "Two containers, volumes or mounts of one name are refused; what the pod has is changed with `patches`.";
        Values "extraVolumes:\n  - name: data\n    emptyDir: {}\n", "extraVolumes:\n  - name: scratch\n    emptyDir: {}\n";
    REQUEST_OVER_LIMIT = "PG0207", "A container requests more than its limit",
        "Kubernetes refuses a container that asks for more than it may use.";
        Values "resources:\n  requests: {memory: 8Gi}\n  limits: {memory: 4Gi}\n",
        "resources:\n  requests: {memory: 4Gi}\n  limits: {memory: 4Gi}\n";
    END_OF_LIFE = "PG0208", "A PostgreSQL major is past its end of life, or close to it",
        "It gets no corrections any more, not even for security (postgresql.org, Versioning Policy).";
        Values "postgresql:\n  version: 14\n", "postgresql:\n  version: 17\n";
    NO_EFFECT = "PG0209", "A value has no effect beside the others",
        "Another value turns off what it is about. A value that does nothing is a misunderstanding that shows too late.";
        Values "service:\n  type: ClusterIP\n  nodePort: 30432\n", "service:\n  type: NodePort\n  nodePort: 30432\n";
    BAD_NETWORK = "PG0210", "A network is not in CIDR notation",
        "A network is an address and the number of its leading bits: `10.1.0.0/16`.";
        Values "service:\n  type: LoadBalancer\n  loadBalancerSourceRanges: [10.1.0.0]\n",
        "service:\n  type: LoadBalancer\n  loadBalancerSourceRanges: [10.1.0.0/16]\n";
    IMAGE_UNPINNED = "PG0211", "An image of your own has no tag and no digest",
        "Without one, each node runs whatever `latest` was when it pulled, which may be another major.";
        Values "postgresql:\n  image:\n    registry: registry.example\n    repository: postgres\n",
        "postgresql:\n  image:\n    registry: registry.example\n    repository: postgres\n    tag: '17.10'\n";
    NO_IMAGE = "PG0212", "No published image fits the choice of major, flavor, extensions and architecture",
        "pgpod knows one exact tag for each combination that somebody publishes; it does not invent tags.";
        Values "postgresql:\n  image:\n    flavor: debian\n  extensions:\n    timescaledb:\n      enabled: true\narchitecture: arm64\n",
        "postgresql:\n  extensions:\n    timescaledb:\n      enabled: true\n";
    IMAGE_LACKS = "PG0213", "The image does not have what the values ask for",
        "An extension or library that is not in the image keeps the server from starting, or `CREATE EXTENSION` from working.";
        Values "postgresql:\n  databases:\n    - name: plant\n      extensions: [vector]\n",
        "postgresql:\n  databases:\n    - name: plant\n      extensions: [pg_trgm]\n";
    IMAGE_ELSEWHERE = "PG0214", "An image's name leads elsewhere than to the registry that is meant",
        "The registry is a key of its own and stands in front of the repository: a host within that is one more folder.";
        Values "postgresql:\n  image:\n    repository: registry.example/postgres\n    tag: 17.10-trixie\n",
        "postgresql:\n  image:\n    registry: registry.example\n    repository: postgres\n    tag: 17.10-trixie\n";
    DATABASE_RESERVED = "PG0220", "A database is one of PostgreSQL's own",
        "`postgres`, `template0` and `template1` are there in every cluster.";
        Values "postgresql:\n  databases:\n    - name: template1\n", "postgresql:\n  databases:\n    - name: plant\n";
    DATABASE_TWICE = "PG0221", "A database is there twice",
        "Each entry is one database; the second would undo or repeat what the first says.";
        Values "postgresql:\n  databases:\n    - name: plant\n    - name: plant\n", "postgresql:\n  databases:\n    - name: plant\n";
    SCHEMA_RESERVED = "PG0222", "A schema has a name that is PostgreSQL's or pgpod's own",
        "Names that begin with `pg_`, and `information_schema`, are refused by the server; `pgpod` holds the record of what ran.";
        Values "postgresql:\n  databases:\n    - name: plant\n      schemas:\n        - name: pg_plant\n",
        "postgresql:\n  databases:\n    - name: plant\n      schemas:\n        - name: plant\n";
    ROLE_FIXED = "PG0223", "A role of the release is asked for what it may not do",
        "The roles that pgpod makes have fixed rights, so that one that leaks opens no more than it must.";
        Values "postgresql:\n  databases:\n    - name: plant\n      owner: readonly\n",
        "postgresql:\n  databases:\n    - name: plant\n      owner: plant_owner\n";
    DATABASE_PROPERTY = "PG0224", "A database cannot have such a property",
        "PostgreSQL knows the value not at all, or not together with the others.";
        Values "postgresql:\n  databases:\n    - name: plant\n      encoding: UTF7\n",
        "postgresql:\n  databases:\n    - name: plant\n      encoding: UTF8\n";
    NO_DATABASE = "PG0225", "Something names a database that is not there",
        "A script runs in a database of the values; in one that nobody makes, it cannot run.";
        Values "postgresql:\n  initScripts:\n    - {name: a, database: plannt, run: once, sql: SELECT 1}\n",
        "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: once, sql: SELECT 1}\n";
    SCRIPT_TWICE = "PG0226", "Two scripts have one name in one database",
        "What ran once is known by its name and database, so that the second would never run.";
        Values "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: once, sql: SELECT 1}\n    - {name: a, database: audit_trail, run: once, sql: SELECT 2}\n",
        "postgresql:\n  initScripts:\n    - {name: a, database: audit_trail, run: once, sql: SELECT 1}\n    - {name: b, database: audit_trail, run: once, sql: SELECT 2}\n";
    ROLE_NAME = "PG0227", "A role cannot have that name here",
        "Some names are PostgreSQL's own, and the role of each purpose has its rights fixed.";
        Values "postgresql:\n  auth:\n    username: pg_app\n", "postgresql:\n  auth:\n    username: app\n";
    ROLE_TWICE = "PG0228", "One role is used for two things",
        "Each role has rights of its own; together they would be more than either needs.";
        Values "postgresql:\n  auth:\n    username: app\n    readOnlyUsername: app\n",
        "postgresql:\n  auth:\n    username: app\n    readOnlyUsername: app_reader\n";
    MEMORY_BUDGET = "PG0230", "The memory that the settings allow does not fit the container's limit",
        "When it is used, the kernel kills a backend, and the server restarts all its sessions.";
        Values "resources:\n  limits: {memory: 1Gi}\npostgresql:\n  config:\n    shared_buffers: 2GB\n",
        "resources:\n  limits: {memory: 4Gi}\npostgresql:\n  config:\n    shared_buffers: 1GB\n";
    SHARED_MEMORY = "PG0231", "`/dev/shm` does not fit the memory limit",
        "What is in it counts against the limit of the server's container, beside the rest of the server's memory.";
        Values "resources:\n  limits: {memory: 4Gi}\npostgresql:\n  sharedMemory: 8Gi\n",
        "resources:\n  limits: {memory: 4Gi}\npostgresql:\n  sharedMemory: 1Gi\n";
    PASSWORD_IN_CLEAR = "PG0232", "A password would stand in clear in an object that is no Secret",
        "ConfigMaps, arguments and annotations are kept in clear, shown in logs and readable by many.";
        Values "postgresql:\n  auth:\n    postgresPassword: 'aW3;k2xQ91-4'\n    password: 'oM3;k2xQ91-5'\n    readOnlyPassword: 'pL3;k2xQ91-6'\n    \
         replicationPassword: 'zX3;k2xQ91-7'\npodAnnotations:\n  note: 'oM3;k2xQ91-5'\n",
        "postgresql:\n  auth:\n    existingSecret: {name: plant7-auth}\n";
    LABEL_TAKEN = "PG0233", "A label is one that pgpod sets itself",
        "The objects of a release are found again, selected and kept by these labels.";
        Values "podLabels:\n  app.kubernetes.io/name: x\n", "podLabels:\n  team: x\n";
    PASSWORD_WEAK = "PG0234", "A password is easy to guess, or is used for two roles",
        "The application's network can try passwords for as long as it likes; `pgpod secret` draws ones that nobody guesses.";
        Values "postgresql:\n  auth:\n    postgresPassword: 'aW3;k2xQ91-4'\n    password: changeme1\n    readOnlyPassword: 'pL3;k2xQ91-6'\n    \
         replicationPassword: 'zX3;k2xQ91-7'\n",
        "postgresql:\n  auth:\n    existingSecret: {name: plant7-auth}\n";
    PASSWORD_KEPT = "PG0235", "A values file holds passwords in clear",
        "Values files are kept, copied and put under version control; whoever may read one has the passwords.";
        Values "postgresql:\n  auth:\n    postgresPassword: 'aW3;k2xQ91-4'\n    password: 'oM3;k2xQ91-5'\n    readOnlyPassword: 'pL3;k2xQ91-6'\n    \
         replicationPassword: 'zX3;k2xQ91-7'\n",
        "postgresql:\n  auth:\n    existingSecret: {name: plant7-auth}\n";
    PASSWORD_IN_ENV = "PG0236", "A variable of the container would hold a secret in clear",
        "A container's variables stand in its Deployment and pod, which many may read.";
        Values "extraEnv:\n  - name: API_TOKEN\n    value: 'oM3;k2xQ91-5'\n",
        "extraEnv:\n  - name: API_TOKEN\n    valueFrom: {secretKeyRef: {name: api, key: token}}\n";
    AMOUNT_UNIT = "PG0237", "An amount was meant in another unit",
        "Kubernetes takes `512` for 512 bytes, `50m` for a twentieth of a byte, and `2000` for 2000 CPUs.";
        Values "persistence:\n  size: 50\n", "persistence:\n  size: 50Gi\n";
    LOG_VOLUME = "PG0238", "The write-ahead log does not fit its volume",
        "A server that has no room for its log stops, and starts again only with more room.";
        Values "persistence:\n  size: 10Gi\npostgresql:\n  config:\n    max_wal_size: 16GB\n",
        "persistence:\n  size: 100Gi\npostgresql:\n  config:\n    max_wal_size: 16GB\n";
    TAG_MAJOR = "PG0239", "The image's tag is of another major than everything else, or of none",
        "Another major does not know all settings, and refuses the data of this one.";
        Values "postgresql:\n  version: 17\n  image:\n    tag: 16.10-alpine3.22\n", "postgresql:\n  version: 17\n  image:\n    tag: 17.10-alpine3.22\n";
    BAD_NAME = "PG0240", "The release or the namespace has a name that Kubernetes refuses",
        "Every object's name starts with the release's, and some of them allow no more than 63 lower-case letters, digits and `-`.";
        Command "pgpod render Plant_7", "pgpod render plant7";
    NODE_ARCHITECTURE = "PG0241", "No node that is selected can run the image",
        "A pod that no node fits waits for ever; one on a node of another processor cannot start.";
        Values "architecture: arm64\nnodeSelector:\n  kubernetes.io/arch: amd64\n", "architecture: arm64\n";
    GRACE_PERIOD = "PG0242", "The server is killed before it can have stopped",
        "It writes all that is in memory to the disk before it ends; otherwise it recovers at its next start, which takes longer.";
        Values "terminationGracePeriodSeconds: 5\n", "terminationGracePeriodSeconds: 120\n";
    NODE_PORT = "PG0243", "A port on the nodes is outside Kubernetes' range",
        "The API server refuses it, unless it was given another range.";
        Values "service:\n  type: NodePort\n  nodePort: 5432\n", "service:\n  type: NodePort\n  nodePort: 30432\n";
    OPEN_NETWORK = "PG0244", "A network is every address there is",
        "Ranges are there to keep others out.";
        Values "service:\n  type: LoadBalancer\n  loadBalancerSourceRanges: [0.0.0.0/0]\n",
        "service:\n  type: LoadBalancer\n  loadBalancerSourceRanges: [10.1.0.0/16]\n";
    PASSWORD_HIDDEN = "PG0245", "A password is the stars that pgpod shows in the place of one",
        "What `pgpod values` prints is for people to read; a values file made of it would make the stars everybody's password.";
        Values "postgresql:\n  auth:\n    postgresPassword: '********'\n    password: '********'\n    readOnlyPassword: '********'\n    replicationPassword: '********'\n",
        "postgresql:\n  auth:\n    existingSecret: {name: plant7-auth}\n";
    LOCALE_MISSING = "PG0246", "The image has no such locale",
        "A database is made with a locale that the C library of the image knows; without it the server refuses to make it.";
        Values "postgresql:\n  image:\n    flavor: debian\n  databases:\n    - name: plant\n      locale: de_DE.utf8\n",
        "postgresql:\n  image:\n    flavor: debian\n  databases:\n    - name: plant\n      locale: C\n";
    COLLATION_RISK = "PG0247", "How texts sort hangs on what the image happens to be built on",
        "Another C library or ICU may sort texts otherwise: indexes on them are wrong then, and queries miss rows.";
        Values "postgresql:\n  image:\n    tag: '17.11'\n", "postgresql:\n  image:\n    tag: 17.11-trixie\n";
}
