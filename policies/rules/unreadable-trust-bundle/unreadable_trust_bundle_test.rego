package mirrorproof.rules.unreadable_trust_bundle_test

import data.mirrorproof.rules.unreadable_trust_bundle

found(state, keys) := result if {
	result := [[finding.message, count(finding.edits)] | some finding in unreadable_trust_bundle.findings] with input as {
		"bundles": [{"title": "ConfigMap/b", "state": state, "keys": keys, "at": {}}],
	}
}

rest := ": the operator is degraded for it, no authority reaches the nodes, and the next upgrade stalls"

test_under_another_key if found("elsewhere", ["ca.crt"]) == [[concat("", ["ConfigMap/b has its certificates under `ca.crt`, and not under `ca-bundle.crt`", rest]), 1]]

test_no_edit_where_there_are_several if {
	some [_, edits] in found("elsewhere", ["a.crt", "b.crt"])
	edits == 0
}

test_no_certificate if found("none", []) == [[concat("", ["ConfigMap/b holds no certificate in PEM under `ca-bundle.crt`", rest]), 0]]

test_silent_where_it_can_be_read if found("readable", []) == []
