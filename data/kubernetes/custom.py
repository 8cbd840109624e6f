"""Prints the schemas of the custom resources that pgpod knows, a line for each kind: its definition's name, a tab, JSON
as in definitions.txt, and `limits` where the resource's own definition has any. Read off the models that the PyPI
packages cloudcoil-models-prometheus-operator and cloudcoil-models-cert-manager (Apache-2.0, as both operators are)
generate from the operators' CustomResourceDefinitions; `.ci/servers` unpacks them:

    $PGPOD_PYTHON data/kubernetes/custom.py "$PGPOD_SERVERS/models" > data/kubernetes/custom.txt
"""
import ast
import json
import sys

KINDS = [
    ("com.coreos.monitoring.v1", "prometheus_operator/v1.py", ["PodMonitor", "PrometheusRule", "ServiceMonitor"]),
    ("io.cert-manager.v1", "cert_manager/v1.py", ["Certificate"]),
]
META = "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
QUANTITY = "#/$defs/io.k8s.apimachinery.pkg.api.resource.Quantity"
SIMPLE = {
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "AwareDatetime": {"type": "string", "format": "date-time"},
    "ObjectMeta": {"$ref": META},
}
LIMITS = {"ge": "minimum", "le": "maximum", "min_length": "minLength", "pattern": "pattern"}


def alternatives(node):
    """The members of `a | b | None`, without None."""
    if isinstance(node, ast.BinOp):
        return alternatives(node.left) + alternatives(node.right)
    return [] if isinstance(node, ast.Constant) and node.value is None else [node]


def schema(node, classes):
    members = alternatives(node)
    if len(members) > 1:
        names = sorted(ast.unparse(member) for member in members)
        if names == ["int", "str"]:
            return {"x-kubernetes-int-or-string": True}
        assert all(name.startswith("NativeHistogramMinBucketFactor") for name in names), names
        return {"$ref": QUANTITY}
    [node] = members
    if isinstance(node, ast.Subscript):
        outer, inner = ast.unparse(node.value), node.slice
        if outer == "Annotated":
            fitted = schema(inner.elts[0], classes)
            words = {word.arg: ast.literal_eval(word.value) for word in inner.elts[1].keywords}
            limits = {LIMITS[key]: value for key, value in words.items() if key not in ("alias", "description")}
            return fitted | ({"limits": limits} if limits else {})
        if outer == "Literal":
            values = [ast.literal_eval(value) for value in getattr(inner, "elts", [inner])]
            return {"type": "string", "limits": {"enum": values}}
        if outer == "list":
            return {"type": "array", "items": schema(inner, classes)}
        assert outer == "dict" and ast.unparse(inner.elts[0]) == "str", ast.unparse(node)
        return {"type": "object", "additionalProperties": schema(inner.elts[1], classes)}
    name = ast.unparse(node)
    return dict(SIMPLE[name]) if name in SIMPLE else fields(classes[name], classes)


def fields(model, classes):
    properties, required = {}, []
    for field in model.body:
        if not isinstance(field, ast.AnnAssign) or field.target.id.startswith("__"):
            continue
        words = field.annotation.slice.elts[1].keywords if ast.unparse(field.annotation).startswith("Annotated") else []
        alias = [ast.literal_eval(word.value) for word in words if word.arg == "alias"]
        name = alias[0] if alias else field.target.id
        properties[name] = schema(field.annotation, classes)
        if field.value is None:
            required.append(name)
    made = {"type": "object", "properties": dict(sorted(properties.items()))}
    return made | ({"required": sorted(required)} if required else {})


for group, file, kinds in KINDS:
    tree = ast.parse(open(f"{sys.argv[1]}/{file}").read())
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for kind in kinds:
        made = fields(classes[kind], classes)
        # The models know both by heart; every object has them.
        made["properties"]["apiVersion"] = made["properties"]["kind"] = {"type": "string"}
        made["required"] = sorted({"metadata", *made.get("required", [])})
        print(f"{group}.{kind}", json.dumps(made, separators=(",", ":")), sep="\t")
