"""Reads a server's OGC API with OWSLib, as a script of an office would, and prints what it found as JSON."""

import json
import sys

from owslib.ogcapi.features import Features
from owslib.util import http_get


def features_of(service, collection, **asked):
    """Every feature, followed from page to page by the server's own links."""
    page = service.collection_items(collection, **asked)
    found = list(page["features"])
    matched, pages = page["numberMatched"], 1
    while True:
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            return {"matched": matched, "pages": pages, "ids": [feature["id"] for feature in found]}
        page = http_get(following[0]).json()
        found.extend(page["features"])
        pages += 1


def main(root):
    service = Features(root)
    one = service.collection_items("sites", limit=1)["features"][0]
    print(json.dumps({
        "conformance": service.conformance()["conformsTo"],
        "openapi": service.api()["openapi"],
        "collections": service.feature_collections(),
        "queryables": sorted(service.collection_queryables("sites")["properties"]),
        "all": features_of(service, "sites", limit=40),
        "boxed": features_of(service, "sites", limit=40, bbox=[120.0, 30.0, 120.2, 30.4]),
        "eastern": features_of(service, "sites", limit=40, region_code="339901002"),
        "in_march": features_of(service, "sites", limit=40, datetime="2026-03-01T00:00:00Z/2026-03-31T00:00:00Z"),
        "regions": features_of(service, "regions"),
        "one": service.collection_item("sites", str(one["id"]))["properties"]["code"],
    }))


main(sys.argv[1])
