package mirrorproof.rules.mirror_without_ca_test

import data.mirrorproof.rules.mirror_without_ca

count_of(name, trusted, key) := result if {
	result := count(mirror_without_ca.findings) with input as {
		"hosts": {name: {"trusted": trusted, "at": {}}, "m.net:8443": {"trusted": "yes", "at": {}}},
		"trust": [{"title": "ConfigMap/cas", "keys": [key], "at": {}}],
	}
}

other := {"key": "m.net..8443", "host": "m.net:8443"}

test_warning if {
	some finding in mirror_without_ca.findings with input as {
		"hosts": {"b.net": {"trusted": "no", "at": {}}, "m.net:8443": {"trusted": "yes", "at": {}}},
		"trust": [{"title": "ConfigMap/cas", "keys": [other], "at": {}}],
	}
	finding.level == "warning"
	contains(finding.message, "which has one for m.net:8443")
}

test_silent_with_one if count_of("b.net", "yes", other) == 0

test_silent_where_that_is_not_known if count_of("b.net", "unknown", other) == 0

test_silent_on_a_public_registry if count_of("quay.io", "no", other) == 0

test_silent_with_a_public_authority if count_of("1.dkr.ecr.eu-west-1.amazonaws.com", "no", other) == 0

test_silent_on_the_registry_of_the_cluster if count_of("image-registry.openshift-image-registry.svc:5000", "no", other) == 0

test_silent_where_none_is_for_a_mirror if count_of("b.net", "no", {"key": "git.net", "host": "git.net"}) == 0

test_silent_where_its_key_is_wrong if count_of("b.net", "no", object.union(other, {"near": "b.net"})) == 0
