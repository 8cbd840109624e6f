//! What Kubernetes would refuse, or take in a way that nobody means.

super::codes! {
    NOT_AN_OBJECT = "PG0401", "A document is no Kubernetes object",
        "An object is a map with `apiVersion`, `kind` and `metadata.name`.";
        Manifest "kind: ConfigMap\nmetadata: {name: a, namespace: b}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n";
    NOT_A_MANIFEST = "PG0402", "A text is no manifest",
        "A manifest is YAML that can be said in JSON: texts as keys, no tags of one's own, no endless numbers.";
        Template "# mine/kubernetes/extra.yaml, for `--templates mine`\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: {{ release.namespace }}}\ndata: {a: .inf}\n",
        "# mine/kubernetes/extra.yaml, for `--templates mine`\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: {{ release.namespace }}}\ndata: {a: '.inf'}\n";
    UNKNOWN_KIND = "PG0403", "Kubernetes has no such kind under that `apiVersion`",
        "The API server answers \"no matches for kind\"; kinds move between versions, and old versions are removed.";
        Manifest "apiVersion: v1\nkind: Deployment\nmetadata: {name: a, namespace: b}\n",
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: b}\n";
    UNKNOWN_FIELD = "PG0404", "An object has a field that its kind does not know",
        "Without strict validation the API server drops it in silence, and what was meant never happens.";
        Manifest "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: b}\nautomountToken: false\n",
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: b}\nautomountServiceAccountToken: false\n";
    FIELD_TYPE = "PG0405", "A field has a value of another type than its kind says",
        "The API server refuses the whole object.";
        Manifest "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata: {port: 5432}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata: {port: '5432'}\n";
    FIELD_MISSING = "PG0406", "A field that its kind requires is missing",
        "The API server refuses the whole object.";
        Manifest "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{name: x}]}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{name: x, port: 80}]}\n";
    FIELD_VERSION = "PG0407", "A field is not there in the chosen version of Kubernetes",
        "An API server that does not know a field drops it in silence.";
        Values "patches:\n  - kind: Deployment\n    name: demo\n    patch: {spec: {template: {spec: {hostnameOverride: db}}}}\n",
        "patches:\n  - kind: Deployment\n    name: demo\n    patch: {spec: {minReadySeconds: 5}}\n";
    FIELD_VALUE = "PG0408", "A field has a value that it does not take",
        "The API server checks numbers, words and quantities of an object, and refuses the whole.";
        Manifest "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{port: 70000}]}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{port: 7000}]}\n";
    DEPRECATED = "PG0409", "Kubernetes has given up what an object uses",
        "It still works in the chosen version, and the API server warns; a later version will not have it.";
        Manifest "apiVersion: v1\nkind: Endpoints\nmetadata: {name: a, namespace: b}\n",
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a, namespace: b}\naddressType: IPv4\nendpoints: []\n";
    OBJECT_NAME = "PG0410", "An object has a name that its kind does not allow",
        "Names become parts of DNS names and paths; each kind has a rule for them.";
        Manifest "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_b, namespace: b}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a-b, namespace: b}\n";
    OBJECT_NAMESPACE = "PG0411", "An object lacks a namespace, has one that is no name, or one that is ignored",
        "Without one, an object lands wherever `kubectl` happens to point. An object of the whole cluster is in none: the API \
         server drops what it states.";
        Values "extraObjects:\n  - apiVersion: v1\n    kind: Namespace\n    metadata: {name: other, namespace: x}\n",
        "extraObjects:\n  - apiVersion: v1\n    kind: Namespace\n    metadata: {name: other}\n";
    OBJECT_TWICE = "PG0412", "An object is there twice",
        "The second that is applied replaces the first.";
        Manifest "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n";
    LABEL = "PG0413", "A label or an annotation breaks Kubernetes' rules",
        "A key is a name with an optional DNS prefix; a label's value has up to 63 letters, digits, `-`, `_` and `.`; \
         all annotations of an object together have at most 256 KiB.";
        Manifest "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b, labels: {team: line 4}}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b, labels: {team: line-4}}\n";
    DATA = "PG0414", "The data of a ConfigMap or Secret break Kubernetes' rules",
        "Keys become file names, each is in one of the maps only, and all together fit into 1 MiB.";
        Manifest "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata: {a/b: x}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata: {a.b: x}\n";
    NO_REFERENCE = "PG0420", "An object names another one that is not there",
        "A pod that names a missing ConfigMap, Secret, claim or account does not start; a Service account or role that \
         is missing gives no rights.";
        Values "patches:\n  - kind: Deployment\n    name: demo\n    patch: {spec: {template: {spec: {serviceAccountName: nobody}}}}\n",
        "serviceAccount:\n  create: true\n";
    CERTIFICATE_KEYS = "PG0421", "The Secret of the server's certificate lacks its keys",
        "The server reads its certificate from `tls.crt` and the key from `tls.key`, and does not start without.";
        Values "security:\n  tls: {enabled: true, secretName: plant7-cert}\nextraObjects:\n  - apiVersion: v1\n    kind: Secret\n    \
         metadata: {name: plant7-cert}\n    stringData: {server.crt: '…', server.key: '…'}\n",
        "security:\n  tls: {enabled: true}\n";
    PASSWORD_KEYS = "PG0422", "The Secret of the passwords lacks keys",
        "The pod is ready when its roles have their passwords, and it waits for every one of them.";
        Values "extraObjects:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: demo-auth}\n    \
         stringData: {app-password: '…'}\n",
        "postgresql:\n  auth: {existingSecret: {name: plant7-auth}}\n";
    OWN_SELECTOR = "PG0430", "A workload does not select its own pods",
        "The API server refuses a workload whose selector does not match its template.";
        Values "patches:\n  - kind: Deployment\n    name: demo\n    patch: {spec: {selector: {matchLabels: {a: b}}}}\n",
        "podLabels: {a: b}\n";
    SELECTS_NOTHING = "PG0431", "A selector means no pod of the release",
        "A Service without pods answers nobody; a policy or budget without pods protects nothing.";
        Values "patches:\n  - kind: Service\n    name: demo\n    patch: {spec: {selector: {a: b}}}\n",
        "service:\n  annotations: {a: b}\n";
    TARGET_PORT = "PG0432", "A Service, an Ingress or a monitor names a port that is not there",
        "A named target port of a Service is looked up in the pod's containers, that of an Ingress or a ServiceMonitor \
         in the Service; where it is not, nobody answers.";
        Values "patches:\n  - kind: Service\n    name: demo\n    patch: {spec: {ports: [{name: x, port: 1, targetPort: nothing}]}}\n",
        "patches:\n  - kind: Service\n    name: demo\n    patch: {spec: {ports: [{name: x, port: 1, targetPort: postgresql}]}}\n";
    SHUT_OUT = "PG0433", "A NetworkPolicy shuts the release's own ports",
        "Once a policy means a pod, only what some policy lets in reaches it: the exporter is not asked, clients wait, and a \
         standby cannot follow its primary. Policies that are only in the cluster are not seen here.";
        Values "extraObjects:\n  - apiVersion: networking.k8s.io/v1\n    kind: NetworkPolicy\n    metadata: {name: clients}\n    \
         spec: {podSelector: {}, ingress: [{ports: [{port: 5432}]}]}\n",
        "extraObjects:\n  - apiVersion: networking.k8s.io/v1\n    kind: NetworkPolicy\n    metadata: {name: clients}\n    \
         spec: {podSelector: {}, ingress: [{ports: [{port: 5432}, {port: 9187}]}]}\n";
    PART_NAME = "PG0440", "A container, volume, port or variable has no proper name, or one that is taken",
        "The parts of a pod are known by their names, and Kubernetes has a rule for each.";
        Manifest "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a}, {name: a, image: b}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a}, {name: b, image: b}]}\n";
    VOLUME_SOURCE = "PG0441", "A volume has no source, or several",
        "A volume is one thing: an empty folder, a claim, the keys of a ConfigMap, or another.";
        Manifest "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a}], volumes: [{name: v, emptyDir: {}, secret: {secretName: s}}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a}], volumes: [{name: v, emptyDir: {}}]}\n";
    MOUNT = "PG0442", "A volume cannot be mounted like this",
        "A mount names a volume of its pod, a path that nothing else is mounted at (without `:`, but on Windows), and a path \
         inside the volume.";
        Manifest "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a, volumeMounts: [{name: v, mountPath: /v}]}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a, volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, emptyDir: {}}]}\n";
    ENVIRONMENT = "PG0443", "A variable has a value and a source of its value",
        "It can have one of them.";
        Manifest "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a, env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a, env: [{name: A, value: b}]}]}\n";
    PROBE = "PG0444", "A probe asks in no way, in several, or at a port that is not there",
        "A probe does exactly one thing; a port that it names is one of its container's.";
        Manifest "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a, livenessProbe: {periodSeconds: 5}}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a, livenessProbe: {tcpSocket: {port: 80}}}]}\n";
    RESOURCES = "PG0445", "A container's resources cannot be had",
        "A request is no more than the limit, nothing is below zero, and a resource is one that nodes have.";
        Manifest "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a, resources: {limits: {memori: 1Gi}}}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a, image: a, resources: {limits: {memory: 1Gi}}}]}\n";
    PORTS = "PG0446", "Ports of a pod or a Service clash, or lack a name",
        "The containers of a pod share one network; where a Service has several ports, each has a name.";
        Manifest "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{port: 80}, {port: 81}]}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: [{name: a, port: 80}, {name: b, port: 81}]}\n";
    PATCH = "PG0450", "A patch cannot be applied, or its kind is not in the release",
        "A patch changes the fields of objects as `kubectl patch` would; lists are merged by the key that Kubernetes states.";
        Values "patches:\n  - kind: Deployment\n    patch: {spec: {template: {spec: {containers: [{image: x}]}}}}\n",
        "patches:\n  - kind: Deployment\n    patch: {spec: {minReadySeconds: 5}}\n";
    PATCH_TARGET = "PG0451", "A patch hits nothing: no object has that kind and name",
        "Its change would be lost without a word. Objects of a release are called after it.";
        Values "patches:\n  - kind: Deployment\n    name: nothing\n    patch: {spec: {minReadySeconds: 5}}\n",
        "patches:\n  - kind: Deployment\n    name: demo\n    patch: {spec: {minReadySeconds: 5}}\n";
    POD_SECURITY = "PG0460", "A pod does not reach a level of the Pod Security Standards",
        "Everything that pgpod renders runs under `restricted`; a namespace that enforces a level refuses a pod below it.";
        Values "extraContainers:\n  - name: shipper\n    image: registry.example/shipper:1.4\n",
        "extraContainers:\n  - name: shipper\n    image: registry.example/shipper:1.4\n    securityContext:\n      \
         allowPrivilegeEscalation: false\n      capabilities: {drop: [ALL]}\n";
    NO_DRAIN = "PG0470", "A PodDisruptionBudget never lets a pod be evicted",
        "`kubectl drain` then waits for ever, and so does every upgrade of the cluster that drains its nodes.";
        Values "deploymentMode: ha\npatches:\n  - kind: PodDisruptionBudget\n    patch: {spec: {maxUnavailable: 0}}\n",
        "deploymentMode: ha\npatches:\n  - kind: PodDisruptionBudget\n    patch: {spec: {maxUnavailable: 2}}\n";
    SERVER_PODS = "PG0471", "A patch makes pods of the server that cannot work together",
        "A server's volume has one writer: what waits for it is never ready. Several servers are told how many they are.";
        Values "patches:\n  - kind: Deployment\n    patch: {spec: {replicas: 2}}\n",
        "deploymentMode: ha\nhighAvailability:\n  replicas: 2\n";
}
