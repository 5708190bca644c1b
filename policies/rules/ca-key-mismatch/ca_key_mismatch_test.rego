package mirrorproof.rules.ca_key_mismatch_test

import data.mirrorproof.rules.ca_key_mismatch

messages(key, trusted, images) := result if {
	result := [finding.message | some finding in ca_key_mismatch.findings] with input as {
		"imageHosts": images,
		"hosts": {"m.net:8443": {"trusted": trusted, "at": {}}},
		"trust": [{"title": "ConfigMap/cas", "keys": [object.union({"host": "m.net", "at": {}}, key)]}],
	}
}

near := {"key": "m.net", "near": "m.net:8443"}

test_another_port if {
	some message in messages(near, "no", {})
	endswith(message, "its key is `m.net..8443`")
}

test_silent_where_the_mirror_has_its_own if messages(near, "yes", {}) == []

test_silent_where_images_come_from_there if messages(near, "no", {"m.net": 1}) == []

test_silent_for_another_host if messages({"key": "m.net"}, "no", {}) == []

test_a_colon if {
	some message in messages({"key": "m.net:8443"}, "yes", {})
	contains(message, "write `m.net..8443`")
}

test_of_a_url_no_key_is_made if {
	some message in messages({"key": "https://m.net:8443"}, "yes", {})
	not contains(message, "..")
}
