//! Manifests with one mistake each, and what is said about it.

/// Objects of a plausible release; every broken manifest is one edit away from it.
pub(crate) const GOOD: &str = include_str!("good.yaml");

/// One edit of [`GOOD`], and the findings that it leads to: title and remedy of each.
pub(crate) struct Broken {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) findings: &'static [(&'static str, &'static str)],
}

impl Broken {
    pub(crate) fn text(&self) -> String {
        assert!(GOOD.contains(self.from), "good.yaml lost {:?}", self.from);
        GOOD.replacen(self.from, self.to, 1)
    }
}

pub(crate) const BROKEN: &[Broken] = &[
    Broken {
        from: "  replicas: 1\n",
        to: "  replica: 1\n",
        findings: &[("Deployment `demo`: there is no field `spec.replica`", "did you mean `replicas`?")],
    },
    Broken {
        from: "  replicas: 1\n",
        to: "  replicas: one\n",
        findings: &[(
            "Deployment `demo`: `spec.replicas` is a text; a whole number is needed",
            "write a whole number",
        )],
    },
    Broken {
        from: "  replicas: 1\n",
        to: "  replicas: -1\n",
        findings: &[("Deployment `demo`: `spec.replicas` is -1", "it can be from 0 to 2147483647")],
    },
    Broken {
        from: "  replicas: 1\n",
        to: "  replicas: 3000000000\n",
        findings: &[("Deployment `demo`: `spec.replicas` is 3000000000", "at most 2147483647 fits")],
    },
    Broken {
        from: "  replicas: 1\n",
        to: "  replicas: 1.5\n",
        findings: &[(
            "Deployment `demo`: `spec.replicas` is the number 1.5; a whole number is needed",
            "write a whole number",
        )],
    },
    Broken {
        from: "    type: Recreate\n",
        to: "    type: recreate\n",
        findings: &[(
            "Deployment `demo`: `spec.strategy.type` is `recreate`, which is none of its values",
            "did you mean `Recreate`?",
        )],
    },
    Broken {
        from: "      automountServiceAccountToken: false\n",
        to: "      automountServiceAccountToken: \"false\"\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.automountServiceAccountToken` is a text; true or false is needed",
            "write it without quotes: `false`",
        )],
    },
    Broken {
        from: "        command: [sh, /etc/pgpod/scripts/start]\n",
        to: "        command: sh /etc/pgpod/scripts/start\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.containers[0].command` is a text; a list is needed",
            "write it as a list, each item after a `-`",
        )],
    },
    Broken {
        from: "          value: /var/lib/postgresql/17/docker\n",
        to: "          value: 17\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.containers[0].env[0].value` is the number 17; a text is needed",
            "quote it: `\"17\"`",
        )],
    },
    Broken {
        from: "        - name: PGDATA\n",
        to: "        - nam: PGDATA\n",
        findings: &[
            (
                "Deployment `demo`: there is no field `spec.template.spec.containers[0].env[0].nam`",
                "did you mean `name`?",
            ),
            (
                "Deployment `demo`: `spec.template.spec.containers[0].env[0].name` is missing",
                "add `name`; Kubernetes requires it",
            ),
        ],
    },
    Broken {
        from: "      labels:\n        app.kubernetes.io/instance: demo\n    spec:",
        to: "      labels:\n        app.kubernetes.io/instance: other\n    spec:",
        findings: &[
            (
                "Service `demo`: `spec.selector` selects no pod of the release",
                "give it labels that a pod template has",
            ),
            (
                "Deployment `demo`: it selects pods with `app.kubernetes.io/instance` \"demo\", and its own template has \"other\"",
                "give the selector and the template the same label",
            ),
            (
                "PodDisruptionBudget `demo`: `spec.selector.matchLabels` selects no pod of the release",
                "give it labels that a pod template has",
            ),
            (
                "NetworkPolicy `demo`: `spec.podSelector.matchLabels` selects no pod of the release",
                "give it labels that a pod template has",
            ),
        ],
    },
    Broken {
        from: "    port: 5432\n    targetPort: postgresql\n",
        to: "    targetPort: postgresql\n",
        findings: &[(
            "Service `demo`: `spec.ports[0].port` is missing",
            "add `port`; Kubernetes requires it",
        )],
    },
    Broken {
        from: "    targetPort: postgresql\n",
        to: "    targetPort: postgres\n",
        findings: &[(
            "Service `demo`: no container of its pods has a port named `postgres`",
            "did you mean `postgresql`?",
        )],
    },
    Broken {
        from: "    port: 9187\n",
        to: "    port: 0\n",
        findings: &[("Service `demo`: `spec.ports[1].port` is 0", "it can be from 1 to 65535")],
    },
    Broken {
        from: "    port: 9187\n",
        to: "    port: 5432\n",
        findings: &[("Service `demo`: two ports are 5432", "remove one of them")],
    },
    Broken {
        from: "    port: 9187\n",
        to: "    port: 70000\n",
        findings: &[("Service `demo`: `spec.ports[1].port` is 70000", "it can be from 1 to 65535")],
    },
    Broken {
        from: "  - name: metrics\n    port: 9187\n",
        to: "  - port: 9187\n",
        findings: &[("Service `demo`: a port has no name", "name each one where a Service has several")],
    },
    Broken {
        from: "  - name: metrics\n    port: 9187\n",
        to: "  - name: postgresql\n    port: 9187\n",
        findings: &[(
            "Service `demo`: two ports have the name `postgresql`",
            "give one of them another name",
        )],
    },
    Broken {
        from: "      storage: 10Gi\n",
        to: "      storage: 10Gbb\n",
        findings: &[(
            "PersistentVolumeClaim `data-demo-0`: `spec.resources.requests.storage` is `10Gbb`, which is no quantity",
            "`Gbb` is no unit of Kubernetes; known are m, k, M, G, T, P, E and Ki, Mi, Gi, Ti, Pi, Ei; write `500m`, `2` or `10Gi`",
        )],
    },
    Broken {
        from: "  accessModes: [ReadWriteOnce]\n",
        to: "  accessModes: [ReadWriteOnly]\n",
        findings: &[(
            "PersistentVolumeClaim `data-demo-0`: `spec.accessModes` is `ReadWriteOnly`, which is none of its values",
            "did you mean `ReadWriteOnce`?",
        )],
    },
    Broken {
        from: "            memory: 2Gi\n",
        to: "            memory: 8Gi\n",
        findings: &[(
            "Deployment `demo`: it requests 8Gi of memory, more than its limit 4Gi",
            "raise the limit or lower the request",
        )],
    },
    Broken {
        from: "            memory: 2Gi\n",
        to: "            memroy: 2Gi\n",
        findings: &[("Deployment `demo`: `memroy` is no resource", "did you mean `memory`?")],
    },
    Broken {
        from: "            cpu: 500m\n",
        to: "            cpu: -500m\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.containers[0].resources.requests.cpu` is -500m",
            "it can't be below 0",
        )],
    },
    Broken {
        from: "  name: demo-config\n",
        to: "  name: Demo_Config\n",
        findings: &[
            (
                "ConfigMap `Demo_Config`: `metadata.name` is no name",
                "`D` is not allowed; it may have lower-case letters, digits, `-` and `.`; choose another",
            ),
            (
                "Deployment `demo`: it names the ConfigMap `demo-config`, which is not there",
                "did you mean `Demo_Config`?",
            ),
        ],
    },
    Broken {
        from: "  name: demo-config\n",
        to: "  name: demo-configs\n",
        findings: &[(
            "Deployment `demo`: it names the ConfigMap `demo-config`, which is not there",
            "did you mean `demo-configs`?",
        )],
    },
    Broken {
        from: "  name: demo-auth\n",
        to: "  name: demo-auths\n",
        findings: &[
            (
                "Deployment `demo`: it names the Secret `demo-auth`, which is not there",
                "did you mean `demo-auths`?",
            ),
            (
                "CronJob `demo-backup`: it names the Secret `demo-auth`, which is not there",
                "did you mean `demo-auths`?",
            ),
        ],
    },
    Broken {
        from: "  app-password: x\n",
        to: "  password: x\n",
        findings: &[(
            "Deployment `demo`: it names the key `app-password` of the Secret `demo-auth`, which is not there",
            "known here: password",
        )],
    },
    Broken {
        from: "  name: demo-auth\n  namespace: plant7\n",
        to: "  name: demo-auth\n",
        findings: &[
            (
                "Secret `demo-auth`: `metadata.namespace` is missing",
                "add it, so that the object lands in the same place whoever applies it",
            ),
            (
                "Deployment `demo`: it names the Secret `demo-auth`, which is not there",
                "there is none of that kind here; add one, or name what exists",
            ),
            (
                "CronJob `demo-backup`: it names the Secret `demo-auth`, which is not there",
                "there is none of that kind here; add one, or name what exists",
            ),
        ],
    },
    Broken {
        from: "        - name: config\n          mountPath",
        to: "        - name: conf\n          mountPath",
        findings: &[(
            "Deployment `demo`: it mounts the volume `conf`, which the pod doesn't have",
            "did you mean `config`?",
        )],
    },
    Broken {
        from: "          mountPath: /etc/pgpod/config\n",
        to: "          mountPath: /var/run/postgresql\n",
        findings: &[(
            "Deployment `demo`: two volumes are mounted at `/var/run/postgresql`",
            "mount one of them elsewhere",
        )],
    },
    Broken {
        from: "      - name: exporter\n",
        to: "      - name: postgresql\n",
        findings: &[(
            "Deployment `demo`: two containers have the name `postgresql`",
            "give one of them another name",
        )],
    },
    Broken {
        from: "      - name: exporter\n",
        to: "      - name: Exporter\n",
        findings: &[(
            "Deployment `demo`: `Exporter` can't be the name of a container",
            "`E` is not allowed; it may have lower-case letters, digits and `-`",
        )],
    },
    Broken {
        from: "        - name: metrics\n          containerPort",
        to: "        - name: postgresql-metrics\n          containerPort",
        findings: &[(
            "Deployment `demo`: `postgresql-metrics` can't be the name of a port",
            "it has 18 characters; at most 15 are allowed",
        )],
    },
    Broken {
        from: "          containerPort: 9187\n",
        to: "          containerPort: 5432\n",
        findings: &[(
            "Deployment `demo`: two containers of the pod have the port 5432",
            "they share one network: only one of them can listen there",
        )],
    },
    Broken {
        from: "            port: postgresql\n          periodSeconds",
        to: "            port: pgsql\n          periodSeconds",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.containers[0].readinessProbe` asks at the port `pgsql`, which the container doesn't have",
            "known here: postgresql",
        )],
    },
    Broken {
        from: "          tcpSocket:\n            port: postgresql\n",
        to: "          tcpSocket:\n            port: postgresql\n          exec:\n            command: [pg_isready]\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.containers[0].readinessProbe` says 2 ways to ask",
            "state one of exec, httpGet, tcpSocket, grpc",
        )],
    },
    Broken {
        from: "        emptyDir:\n          medium: Memory\n          sizeLimit: 16Mi\n",
        to: "",
        findings: &[(
            "Deployment `demo`: the volume `run` has no source, and will be an empty one",
            "say what it is: `emptyDir: {}`, or where its files are",
        )],
    },
    Broken {
        from: "        emptyDir:\n",
        to: "        hostPath:\n          path: /run\n        emptyDir:\n",
        findings: &[(
            "Deployment `demo`: the volume `run` has 2 sources",
            "keep one of hostPath, emptyDir; in a patch, set the others to null",
        )],
    },
    Broken {
        from: "    app.kubernetes.io/instance: demo\n  annotations:",
        to: "    app.kubernetes.io/instance: demo database\n  annotations:",
        findings: &[(
            "Deployment `demo`: the label `app.kubernetes.io/instance` can't be `demo database`",
            "` ` is not allowed; it may have letters, digits, `-`, `_` and `.`",
        )],
    },
    Broken {
        from: "    pgpod.dev/checksum: abc\n",
        to: "    pgpod.dev/check/sum: abc\n",
        findings: &[(
            "Deployment `demo`: `pgpod.dev/check/sum` can't be the key of an annotation",
            "`/` is not allowed; it may have letters, digits, `-`, `_` and `.`",
        )],
    },
    Broken {
        from: "    pgpod.dev/checksum: abc\n",
        to: "    pgpod.dev/checksum: 17\n",
        findings: &[(
            "Deployment `demo`: `metadata.annotations.pgpod\\.dev/checksum` is the number 17; a text is needed",
            "quote it: `\"17\"`",
        )],
    },
    Broken {
        from: "  postgresql.conf: |\n",
        to: "  conf/postgresql.conf: |\n",
        findings: &[(
            "ConfigMap `demo-config`: `conf/postgresql.conf` can't be a key of `data`",
            "`/` is not allowed; it may have letters, digits, `-`, `_` and `.`",
        )],
    },
    Broken {
        from: "stringData:\n  app-password: x\n",
        to: "data:\n  app-password: x\n",
        findings: &[(
            "Secret `demo-auth`: `data.app-password` is not base64",
            "encode it; a text as it is goes into `stringData` of a Secret, or `data` of a ConfigMap",
        )],
    },
    Broken {
        from: "apiVersion: apps/v1\n",
        to: "apiVersion: extensions/v1beta1\n",
        findings: &[(
            "Deployment `demo`: Kubernetes has no `Deployment` of `extensions/v1beta1` since 1.16",
            "write `apiVersion: apps/v1`",
        )],
    },
    Broken {
        from: "apiVersion: batch/v1\n",
        to: "apiVersion: batch/v1beta1\n",
        findings: &[(
            "CronJob `demo-backup`: Kubernetes has no `CronJob` of `batch/v1beta1` since 1.25",
            "write `apiVersion: batch/v1`",
        )],
    },
    Broken {
        from: "  name: data-demo-0\n",
        to: "  name: data-demo-1\n",
        findings: &[(
            "Deployment `demo`: it names the PersistentVolumeClaim `data-demo-0`, which is not there",
            "did you mean `data-demo-1`?",
        )],
    },
    Broken {
        from: "kind: ServiceAccount\nmetadata:\n  name: demo\n",
        to: "kind: ServiceAccount\nmetadata:\n  name: other\n",
        findings: &[
            (
                "RoleBinding `demo`: it names the ServiceAccount `demo`, which is not there",
                "known here: other",
            ),
            (
                "Deployment `demo`: it names the ServiceAccount `demo`, which is not there",
                "known here: other",
            ),
        ],
    },
    Broken {
        from: "  kind: Role\n  name: demo\n",
        to: "  kind: Role\n  name: demos\n",
        findings: &[(
            "RoleBinding `demo`: it names the Role `demos`, which is not there",
            "did you mean `demo`?",
        )],
    },
    Broken {
        from: "  name: demo-backup\n",
        to: "  name: demo-backup-with-a-name-that-is-longer-than-fifty-two-letters\n",
        findings: &[(
            "CronJob `demo-backup-with-a-name-that-is-longer-than-fifty-two-letters`: `metadata.name` is no name",
            "it has 61 characters; at most 52 are allowed; choose another",
        )],
    },
    Broken {
        from: "  concurrencyPolicy: Forbid\n",
        to: "  concurrencyPolicy: Never\n",
        findings: &[(
            "CronJob `demo-backup`: `spec.concurrencyPolicy` is `Never`, which is none of its values",
            "known here: Allow, Forbid, Replace",
        )],
    },
    Broken {
        from: "  schedule: 0 2 * * *\n",
        to: "",
        findings: &[(
            "CronJob `demo-backup`: `spec.schedule` is missing",
            "add `schedule`; Kubernetes requires it",
        )],
    },
    Broken {
        from: "  schedule: 0 2 * * *\n",
        to: "  schedule: [0, 2]\n",
        findings: &[("CronJob `demo-backup`: `spec.schedule` is a list; a text is needed", "write a text")],
    },
    Broken {
        from: "  maxUnavailable: 1\n",
        to: "  maxUnavailable: true\n",
        findings: &[(
            "PodDisruptionBudget `demo`: `spec.maxUnavailable` is `true`; a whole number or a text is needed",
            "write a whole number or a text",
        )],
    },
    Broken {
        from: "          defaultMode: 292\n",
        to: "          defaultMode: 444444\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.volumes[1].configMap.defaultMode` is 444444",
            "a mode is octal, from 0000 to 0777 (0 to 511 as a plain number)",
        )],
    },
    Broken {
        from: "          defaultMode: 292\n",
        to: "          defaultMode: \"0444\"\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.volumes[1].configMap.defaultMode` is a text; a whole number is needed",
            "write it without quotes: `0444`",
        )],
    },
    Broken {
        from: "        effect: NoSchedule\n",
        to: "        effect: NoRun\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.tolerations[0].effect` is `NoRun`, which is none of its values",
            "known here: NoSchedule, PreferNoSchedule, NoExecute",
        )],
    },
    Broken {
        from: "        fsGroup: 999\n",
        to: "        fsGroup: postgres\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.securityContext.fsGroup` is a text; a whole number is needed",
            "write a whole number",
        )],
    },
    Broken {
        from: "  selector:\n    matchLabels:\n      app.kubernetes.io/instance: demo\n  template",
        to: "  template",
        findings: &[(
            "Deployment `demo`: `spec.selector` is missing",
            "add `selector`; Kubernetes requires it",
        )],
    },
    Broken {
        from: "    metadata:\n      labels:\n        app.kubernetes.io/instance: demo\n    spec:\n      serviceAccountName",
        to: "    spec:\n      serviceAccountName",
        findings: &[
            (
                "Service `demo`: `spec.selector` selects no pod of the release",
                "give it labels that a pod template has",
            ),
            (
                "Deployment `demo`: it selects pods with `app.kubernetes.io/instance` \"demo\", and its own template lacks it",
                "give the selector and the template the same label",
            ),
            (
                "PodDisruptionBudget `demo`: `spec.selector.matchLabels` selects no pod of the release",
                "give it labels that a pod template has",
            ),
            (
                "NetworkPolicy `demo`: `spec.podSelector.matchLabels` selects no pod of the release",
                "give it labels that a pod template has",
            ),
        ],
    },
    Broken {
        from: "  policyTypes: [Ingress]\n",
        to: "  policyTypes: [ingress]\n",
        findings: &[(
            "NetworkPolicy `demo`: `spec.policyTypes` is `ingress`, which is none of its values",
            "did you mean `Ingress`?",
        )],
    },
    Broken {
        from: "        whenUnsatisfiable: ScheduleAnyway\n",
        to: "        whenUnsatisfiable: Anyway\n",
        findings: &[(
            "Deployment `demo`: `spec.template.spec.topologySpreadConstraints[0].whenUnsatisfiable` is `Anyway`, which is none of its values",
            "known here: DoNotSchedule, ScheduleAnyway",
        )],
    },
    Broken {
        from: "kind: PersistentVolumeClaim\nmetadata:\n  name: data-demo-0\n",
        to: "kind: ConfigMap\nmetadata:\n  name: demo-config\n",
        findings: &[
            (
                "ConfigMap `demo-config`: it is there twice",
                "give one of them another name; objects of one kind and namespace share no name",
            ),
            (
                "ConfigMap `demo-config`: there is no field `spec`",
                "known here: apiVersion, binaryData, data, immutable, kind, metadata",
            ),
            (
                "Deployment `demo`: it names the PersistentVolumeClaim `data-demo-0`, which is not there",
                "there is none of that kind here; add one, or name what exists",
            ),
        ],
    },
    Broken {
        from: "  ingress:\n  - ports:\n",
        to: "  ingress:\n    ports:\n",
        findings: &[(
            "NetworkPolicy `demo`: `spec.ingress` is a map; a list is needed",
            "write it as a list, each item after a `-`",
        )],
    },
    Broken {
        from: "subjects:\n- kind: ServiceAccount\n",
        to: "subjects:\n- kind: ServiceAccount\n  uid: 3\n",
        findings: &[(
            "RoleBinding `demo`: there is no field `subjects[0].uid`",
            "known here: apiGroup, kind, name, namespace",
        )],
    },
    Broken {
        from: "        image: docker.io/library/busybox:1.37.0\n",
        to: "        image: docker.io/library/busybox:1.37.0\n        envs: []\n",
        findings: &[(
            "Deployment `demo`: there is no field `spec.template.spec.initContainers[0].envs`",
            "did you mean `env`?",
        )],
    },
];
