//! Rules of several servers.

super::codes! {
    FEW_SERVERS = "PG0250", "High availability is asked for with one server",
        "A single server has nobody to take over from it.";
        Values "deploymentMode: ha\nhighAvailability:\n  replicas: 1\n", "deploymentMode: ha\nhighAvailability:\n  replicas: 3\n";
    NO_PRIMARY = "PG0251", "The server that is to be the primary does not exist",
        "Servers have the ordinals from 0 to one less than their number, and nobody but the one that is named writes.";
        Values "deploymentMode: ha\nhighAvailability:\n  replicas: 3\n  primary: 3\n",
        "deploymentMode: ha\nhighAvailability:\n  replicas: 3\n  primary: 2\n";
    NEVER_CONFIRMED = "PG0252", "Commits wait for more standbys than there are",
        "The primary is one of the servers and does not count: such a commit waits for ever.";
        Values "deploymentMode: ha\nhighAvailability:\n  replicas: 3\n  synchronous: {enabled: true, number: 3}\n",
        "deploymentMode: ha\nhighAvailability:\n  replicas: 3\n  synchronous: {enabled: true, number: 1}\n";
    WRITES_STOP = "PG0253", "The loss of one standby stops all writes",
        "Commits wait for every standby there is. That is meant where no write is better than one that only the primary has.";
        Values "deploymentMode: ha\nhighAvailability:\n  replicas: 2\n  synchronous: {enabled: true}\n",
        "deploymentMode: ha\nhighAvailability:\n  replicas: 3\n  synchronous: {enabled: true}\n";
    COMMIT_TWICE = "PG0254", "What commits wait for is said twice",
        "`highAvailability.synchronous.commit` and `postgresql.config.synchronous_commit` are one parameter.";
        Values "deploymentMode: ha\nhighAvailability:\n  replicas: 3\n  synchronous: {enabled: true}\npostgresql:\n  config:\n    synchronous_commit: 'off'\n",
        "deploymentMode: ha\nhighAvailability:\n  replicas: 3\n  synchronous: {enabled: true, commit: remote_write}\n";
    OTHER_MODE = "PG0255", "A value is for the other deployment mode",
        "One server has one volume, several have one each.";
        Values "deploymentMode: ha\npersistence:\n  existingClaim: old\n", "deploymentMode: standalone\npersistence:\n  existingClaim: old\n";
    DATA_WITH_POD = "PG0256", "Data is kept in pods alone",
        "A new pod begins empty. A primary waits then until somebody promotes a standby; a single server has lost everything.";
        Values "deploymentMode: ha\npersistence:\n  enabled: false\n", "deploymentMode: ha\npersistence:\n  enabled: true\n";
    SHARED_ACCOUNT = "PG0257", "The account that may label the pods is everybody's",
        "Without an account of its own a pod uses `default`, as other pods of the namespace do.";
        Values "deploymentMode: ha\nserviceAccount:\n  create: false\n", "deploymentMode: ha\nserviceAccount:\n  create: false\n  name: historian\n";
    FEW_SLOTS = "PG0258", "The servers are more than a parameter allows to follow",
        "Each standby takes a slot and a sender, and one more of each is taken while it is cloned.";
        Values "deploymentMode: ha\nhighAvailability:\n  replicas: 5\npostgresql:\n  config:\n    max_wal_senders: 3\n",
        "deploymentMode: ha\nhighAvailability:\n  replicas: 5\n";
    UNLIMITED_SLOTS = "PG0259", "A slot that nobody reads can fill the volume",
        "A standby that is away, or a program that no longer takes changes, holds back the log by its slot; without a limit the server stops when the disk is full.";
        Values "deploymentMode: ha\npostgresql:\n  config:\n    max_slot_wal_keep_size: -1\n",
        "deploymentMode: ha\n";
    ONE_NODE = "PG0260", "Servers that are kept apart are to run on one node",
        "Two servers on one machine are lost together, so that they are kept apart; the second then waits for another node.";
        Values "deploymentMode: ha\nnodeSelector:\n  kubernetes.io/hostname: node1\n",
        "deploymentMode: ha\nnodeSelector:\n  plant.example.com/role: server\n";
}
