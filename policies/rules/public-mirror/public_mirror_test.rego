package mirrorproof.rules.public_mirror_test

import data.mirrorproof.rules.public_mirror

findings(disconnected, name, source) := result if {
	result := public_mirror.findings with input as {
		"cluster": {"disconnected": disconnected},
		"hosts": {name: {"at": {}}},
		"entries": [{"source": {"at": {}}}],
		"sources": [object.union({"entries": [0], "source": "q.io", "digest": null, "tag": null}, source)],
	}
}

levels(disconnected, name, source) := [finding.level | some finding in findings(disconnected, name, source)]

both := {"source": "docker.io", "digest": {"mirrors": ["quay.io/a", "m.example.net/a"]}}

only := {"source": "docker.io", "digest": {"mirrors": ["quay.io/a"]}}

test_warning_beside_another_mirror if levels(true, "quay.io", both) == ["warning"]

test_error_where_it_is_the_only_one if levels(true, "quay.io", only) == ["error"]

test_warning_where_the_source_may_be_reached if levels(true, "quay.io", object.union(only, {"source": "r.example.com"})) == ["warning"]

test_silent_while_connected if levels(false, "quay.io", only) == []

test_public_hosts if {
	every name in ["quay.io:443", "cdn01.quay.io", "brew.registry.redhat.io", "registry.connect.redhat.com", "europe-docker.pkg.dev"] { levels(true, name, both) == ["warning"] }
}

test_hosts_that_are_not if {
	every name in ["quay.example.net", "registry-proxy.engineering.redhat.com", "quay.lab.eng.redhat.com:8443"] { levels(true, name, both) == [] }
}
