package mirrorproof.rules.default_catalogs_unreachable_test

import data.mirrorproof.rules.default_catalogs_unreachable

messages(unmirrored, disconnected) := result if {
	result := [finding.message | some finding in default_catalogs_unreachable.findings] with input as {
		"cluster": {"disconnected": disconnected},
		"catalogs": [{"unmirrored": unmirrored, "at": {}}],
	}
}

test_one if messages(["redhat-operators"], true) == ["1 default catalog is on with an image that no mirror serves by tag: `redhat-operators`"]

test_two if messages(["a", "b"], true) == ["2 default catalogs are on with an image that no mirror serves by tag: `a`, `b`"]

test_silent_with_mirrors if messages([], true) == []

test_silent_while_connected if messages(["a"], false) == []
