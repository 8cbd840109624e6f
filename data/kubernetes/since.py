"""Prints since which minor version of Kubernetes (1.31 to 1.37) each field of definitions.txt is there, where it came
after 1.31 and after what it is a field of: definition, field, minor, between tabs. Read off the schemas that the PyPI package kubernetes-validate bundles:

    $PGPOD_PYTHON data/kubernetes/since.py data/kubernetes/definitions.txt > data/kubernetes/since.txt
"""
import json
import os
import sys

import kubernetes_validate

root = os.path.join(os.path.dirname(kubernetes_validate.__file__), "kubernetes-json-schema")
known = [line.split("\t")[0] for line in open(sys.argv[1])]
versions = range(31, 38)
fields = {}
for minor in versions:
    definitions = json.load(open(f"{root}/v1.{minor}.0-local/_definitions.json"))["$defs"]
    for name in known:
        for field in definitions.get(name, {}).get("properties", {}):
            fields.setdefault((name, field), minor)
first = {}
for (name, _), minor in fields.items():
    first[name] = min(minor, first.get(name, minor))
for (name, field), minor in sorted(fields.items()):
    # What is newer as a whole is the value of a newer field, or a newer kind.
    if minor > first[name]:
        print(name, field, minor, sep="\t")
