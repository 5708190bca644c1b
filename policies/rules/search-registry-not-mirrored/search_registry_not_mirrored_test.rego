package mirrorproof.rules.search_registry_not_mirrored_test

import data.mirrorproof.rules.search_registry_not_mirrored

messages(scope, disconnected) := result if {
	result := [finding.message | some finding in search_registry_not_mirrored.findings] with input as {
		"cluster": {"disconnected": disconnected},
		"scopes": [object.union({"list": "search", "value": "docker.io", "serves": [], "at": {}}, scope)],
	}
}

test_no_mirror if messages({}, true) == ["search registry `docker.io` has no mirror: nodes of a disconnected cluster look for short names there in vain"]

test_for_digests_only if {
	messages({"serves": ["digest"]}, true) == ["search registry `docker.io` has mirrors for pulls by digest only: nodes of a disconnected cluster look for short names there in vain"]
}

test_silent_with_mirrors_for_tags if messages({"serves": ["digest", "tag"]}, true) == []

test_silent_for_a_registry_of_their_own if messages({"value": "registry.example.net"}, true) == []

test_silent_while_connected if messages({}, false) == []

test_silent_for_other_lists if messages({"list": "blocked"}, true) == []
