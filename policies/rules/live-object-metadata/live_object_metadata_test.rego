package mirrorproof.rules.live_object_metadata_test

import data.mirrorproof.rules.live_object_metadata

ends(fields, text) if {
	some finding in live_object_metadata.findings with input as {"dumps": [{"title": "Image/cluster", "fields": fields, "at": {}}]}
	finding.level == "info"
	endswith(finding.message, text)
}

test_conflict if ends(["uid", "managedFields"], "applying it fails with a conflict once the object has changed")

test_refused if ends(["managedFields"], "server-side apply refuses it")

test_harmless if ends(["kubectl.kubernetes.io/last-applied-configuration"], "applying it writes the annotation anew")

test_silent if {
	count(live_object_metadata.findings) == 0 with input as {"dumps": []}
}
